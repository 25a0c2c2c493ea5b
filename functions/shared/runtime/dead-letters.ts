import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** The dead-letter queue of a function that decides itself what can never be processed. */
export interface DeadLetters {
  /** Sends a letter; resolves once it is stored. */
  readonly send: (body: string) => Promise<void>;
}

/** The dead-letter queue in SQS. */
export const createSqsDeadLetters = (client: SQSClient, queueUrl: string): DeadLetters => ({
  send: async (MessageBody) => {
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
  },
});
