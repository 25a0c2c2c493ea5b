import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';

const VISIBILITY_TIMEOUT_SECONDS = 600;

/** Long polling asks all servers of SQS, so that an empty response means an empty queue. */
const WAIT_SECONDS = 2;

export interface DeadLetter {
  readonly receipt: string;
  readonly body: string;
}

/** A dead-letter queue. */
export interface DeadLetterQueue {
  /** Receives up to ten letters and hides them from other consumers for ten minutes; none when the queue is empty. */
  readonly receive: () => Promise<readonly DeadLetter[]>;
  readonly remove: (letter: DeadLetter) => Promise<void>;
  /** Makes a received letter visible again at once. */
  readonly release: (letter: DeadLetter) => Promise<void>;
}

/** A dead-letter queue in SQS. */
export const createDeadLetterQueue = (client: SQSClient, QueueUrl: string): DeadLetterQueue => ({
  receive: async () => {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: VISIBILITY_TIMEOUT_SECONDS,
        WaitTimeSeconds: WAIT_SECONDS,
      }),
    );
    return Messages.map(({ ReceiptHandle: receipt = '', Body: body = '' }) => ({ receipt, body }));
  },
  remove: async ({ receipt }) => {
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receipt }));
  },
  release: async ({ receipt }) => {
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: receipt, VisibilityTimeout: 0 }));
  },
});

/** Starts an SQS redrive: every message of the dead-letter queue is moved back to its source queue. */
export const startRedrive = async (client: SQSClient, deadLetterQueueArn: string): Promise<void> => {
  await client.send(new StartMessageMoveTaskCommand({ SourceArn: deadLetterQueueArn }));
};
