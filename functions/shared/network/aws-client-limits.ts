export interface AwsClientLimits {
  /** Attempts in all, the first one included. */
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
  };
}

/** Limits for an AWS client; times in milliseconds. The SDK sets no time limits, and a hanging call would use up the Lambda's time. */
export const awsClientLimits = (maxAttempts: number, requestTimeout = 2_000): AwsClientLimits => ({
  maxAttempts,
  requestHandler: { connectionTimeout: 500, requestTimeout, throwOnRequestTimeout: true },
});
