import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';

/** The queue in which events wait for their endpoints. */
export interface DeliveryQueue {
  /** Holds a message that was received back for so long. */
  readonly postpone: (receiptHandle: string, seconds: number) => Promise<void>;
}

/** Limits on every call, so that a hanging connection never eats the Lambda's time. */
const LIMITS = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 500, requestTimeout: 2_000, throwOnRequestTimeout: true },
};

export const createSqsClient = (): SQSClient => new SQSClient(LIMITS);

/** The queue in SQS. */
export const createSqsDeliveryQueue = (client: SQSClient, queueUrl: string): DeliveryQueue => ({
  postpone: async (receiptHandle, seconds) => {
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }),
    );
  },
});
