import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import { awsClientLimits } from '../network/aws-client-limits.ts';

/** The queue of the events that are delivered to HTTPS endpoints. */
export interface DeliveryQueue {
  /** Makes a received message visible again after that time; 0 is at once. */
  readonly changeVisibility: (receiptHandle: string, seconds: number) => Promise<void>;
}

export const createSqsClient = (): SQSClient => new SQSClient(awsClientLimits(3));

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
