import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';

/** How long a letter that was received is shown to nobody else. */
const HIDDEN_SECONDS = 600;

/** A queue that is asked for so long asks all its servers: an empty answer means that it is empty. */
const WAIT_SECONDS = 2;

export interface DeadLetter {
  readonly receipt: string;
  readonly body: string;
}

/** A queue in which failures end. */
export interface DeadLetterQueue {
  /** Some of the letters, shown to nobody else for now; none when there are no more. */
  readonly receive: () => Promise<readonly DeadLetter[]>;
  readonly remove: (letter: DeadLetter) => Promise<void>;
  /** Leaves the letter in the queue, for the next one who looks. */
  readonly release: (letter: DeadLetter) => Promise<void>;
}

/** The queue in SQS. */
export const createDeadLetterQueue = (client: SQSClient, QueueUrl: string): DeadLetterQueue => ({
  receive: async () => {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: HIDDEN_SECONDS,
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

/** Has SQS move every message of a dead letter queue back to the queue that it came from. */
export const startRedrive = async (client: SQSClient, deadLetterQueueArn: string): Promise<void> => {
  await client.send(new StartMessageMoveTaskCommand({ SourceArn: deadLetterQueueArn }));
};
