import { ChangeMessageVisibilityCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { awsClientLimits } from '../network/aws-client-limits.ts';

/** The queue of the events that are delivered to HTTPS endpoints. */
export interface DeliveryQueue {
  /** Makes a received message visible again after that time; 0 is at once. */
  readonly changeVisibility: (receiptHandle: string, seconds: number) => Promise<void>;
  /** Puts messages into the queue; rejects when it did not take all of them, of which it may have taken some. */
  readonly send: (bodies: readonly string[]) => Promise<void>;
}

/** Limits of `SendMessageBatch`; the bytes are those of all messages together. */
const MAX_BATCH = { messages: 10, bytes: 262_144 };

/** Groups messages in their order into batches that SQS accepts. */
const toBatches = (bodies: readonly string[]): readonly (readonly string[])[] => {
  const batches: string[][] = [];
  let bytes = 0;
  for (const body of bodies) {
    const size = Buffer.byteLength(body);
    const last = batches.at(-1);
    const fits = last !== undefined && last.length < MAX_BATCH.messages && bytes + size <= MAX_BATCH.bytes;
    if (fits) last.push(body);
    else batches.push([body]);
    bytes = fits ? bytes + size : size;
  }
  return batches;
};

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
  send: async (bodies) => {
    for (const batch of toBatches(bodies)) {
      const Entries = batch.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
      const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      if (Failed.length > 0) throw new Error(`the queue refused ${Failed.length} of ${batch.length} messages`);
    }
  },
});
