import type { ChangeMessageVisibilityCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { createSqsDeliveryQueue } from '../../../functions/shared/runtime/delivery-queue.ts';

it('changes the visibility of a message of this queue by its receipt', async () => {
  const sent: ChangeMessageVisibilityCommand[] = [];
  const send = async (command: ChangeMessageVisibilityCommand) => void sent.push(command);
  const queue = createSqsDeliveryQueue({ send } as unknown as SQSClient, 'https://sqs.example/deliveries');

  await queue.changeVisibility('receipt-1', 300);

  expect(sent.map(({ input }) => input)).toEqual([
    { QueueUrl: 'https://sqs.example/deliveries', ReceiptHandle: 'receipt-1', VisibilityTimeout: 300 },
  ]);
});

const aBatchQueue = (failed: (batch: number) => number = () => 0) => {
  const sent: (readonly string[])[] = [];
  const send = async ({ input }: SendMessageBatchCommand) => {
    sent.push((input.Entries ?? []).map(({ MessageBody = '' }) => MessageBody));
    expect(new Set(input.Entries?.map(({ Id }) => Id)).size).toBe(input.Entries?.length);
    return { Failed: Array.from({ length: failed(sent.length) }, () => ({})) };
  };
  return { sent, queue: createSqsDeliveryQueue({ send } as unknown as SQSClient, 'https://sqs.example/deliveries') };
};

const bodies = (count: number, bytes = 10) =>
  Array.from({ length: count }, (_, index) => `${index}`.padEnd(bytes, 'ü'));

it.each([
  ['none', [], []],
  ['up to ten', bodies(10), [10]],
  ['more than ten', bodies(23), [10, 10, 3]],
  ['large ones, counted in bytes', bodies(4, 70_000), [1, 1, 1, 1]],
  ['some large ones', [...bodies(3), ...bodies(1, 131_072), ...bodies(3)], [3, 1, 3]],
])('sends %s in batches that SQS accepts, in their order', async (_, all, sizes) => {
  const { sent, queue } = aBatchQueue();

  await queue.send(all);

  expect(sent.map(({ length }) => length)).toEqual(sizes);
  expect(sent.flat()).toEqual(all);
});

it('rejects when the queue did not take every message', async () => {
  const { queue } = aBatchQueue((batch) => (batch === 2 ? 1 : 0));

  await expect(queue.send(bodies(12))).rejects.toThrow('refused 1 of 2');
});
