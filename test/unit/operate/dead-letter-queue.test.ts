import type { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { createDeadLetterQueue, startRedrive } from '../../../infra/operate/dead-letter-queue.ts';

const URL = 'https://sqs.eu-west-1.amazonaws.com/123456789012/failures';

const aClient = (answer: object = {}) => {
  const sent: [name: string, input: object][] = [];
  const send = async (command: { readonly input: object }) => {
    sent.push([command.constructor.name, command.input]);
    return answer;
  };
  return { sent, client: { send } as unknown as SQSClient };
};

describe('the dead-letter queue in SQS', () => {
  it('receives letters and hides them for ten minutes', async () => {
    const { sent, client } = aClient({ Messages: [{ ReceiptHandle: 'receipt-1', Body: '{}', MessageId: '1' }] });

    expect(await createDeadLetterQueue(client, URL).receive()).toEqual([{ receipt: 'receipt-1', body: '{}' }]);

    const input = { QueueUrl: URL, MaxNumberOfMessages: 10, VisibilityTimeout: 600, WaitTimeSeconds: 2 };
    expect(sent).toEqual([['ReceiveMessageCommand', input]]);
  });

  it('receives none when it is empty', async () => {
    expect(await createDeadLetterQueue(aClient().client, URL).receive()).toEqual([]);
  });

  it('removes a letter, or makes it visible again at once', async () => {
    const { sent, client } = aClient();
    const queue = createDeadLetterQueue(client, URL);
    const letter = { receipt: 'receipt-1', body: '{}' };

    await queue.remove(letter);
    await queue.release(letter);

    expect(sent).toEqual([
      ['DeleteMessageCommand', { QueueUrl: URL, ReceiptHandle: 'receipt-1' }],
      ['ChangeMessageVisibilityCommand', { QueueUrl: URL, ReceiptHandle: 'receipt-1', VisibilityTimeout: 0 }],
    ]);
  });
});

describe('a dead-letter queue of another queue', () => {
  it('is redriven to its source queue', async () => {
    const { sent, client } = aClient();
    const arn = 'arn:aws:sqs:eu-west-1:123456789012:delivery-failures';

    await startRedrive(client, arn);

    expect(sent).toEqual([['StartMessageMoveTaskCommand', { SourceArn: arn }]]);
  });
});
