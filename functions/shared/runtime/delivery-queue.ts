import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';

/** The queue of the events that are delivered to HTTPS endpoints. */
export interface DeliveryQueue {
  /** Makes a received message visible again after that time; 0 is at once. */
  readonly changeVisibility: (receiptHandle: string, seconds: number) => Promise<void>;
}

/** Limits on every call, so that a hanging connection never eats the Lambda's time. */
const LIMITS = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 500, requestTimeout: 2_000, throwOnRequestTimeout: true },
};

export const createSqsClient = (): SQSClient => new SQSClient(LIMITS);

/** The delivery queue in SQS. */
export const createSqsDeliveryQueue = (client: SQSClient, queueUrl: string): DeliveryQueue => ({
  changeVisibility: async (receiptHandle, seconds) => {
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }),
    );
  },
});
