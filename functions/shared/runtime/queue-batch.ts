/** A message in the form in which Lambda receives it from SQS. */
export interface QueueRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: { readonly ApproximateReceiveCount: string };
}

export interface QueueBatch {
  readonly Records: readonly QueueRecord[];
}
