import type { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
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
