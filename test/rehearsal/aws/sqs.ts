import * as z from 'zod';
import {
  type AwsCall,
  type AwsService,
  denyInJson,
  jsonOf,
  jsonReply,
  operationOf,
  unknownOperation,
} from './aws-call.ts';
import { md5, type Queues } from './queues.ts';

const Send = z.object({ QueueUrl: z.string(), MessageBody: z.string() });
const SendBatch = z.object({
  QueueUrl: z.string(),
  /** SQS takes ten at most. */
  Entries: z
    .array(z.object({ Id: z.string(), MessageBody: z.string() }))
    .min(1)
    .max(10),
});
const ChangeVisibility = z.object({
  QueueUrl: z.string(),
  ReceiptHandle: z.string(),
  /** Twelve hours. */
  VisibilityTimeout: z.int().min(0).max(43_200),
});
const ToQueue = z.object({ QueueUrl: z.string() });

/** The action that an operation needs: a batch needs that of its messages. */
const ACTIONS: Readonly<Record<string, string>> = {
  ChangeMessageVisibility: 'ChangeMessageVisibility',
  SendMessage: 'SendMessage',
  SendMessageBatch: 'SendMessage',
};

const operations = (queues: Queues): Readonly<Record<string, (body: unknown) => object>> => ({
  SendMessage: (body) => {
    const { QueueUrl, MessageBody } = Send.parse(body);
    return { MessageId: queues.byUrl(QueueUrl).send(MessageBody), MD5OfMessageBody: md5(MessageBody) };
  },
  SendMessageBatch: (body) => {
    const { QueueUrl, Entries } = SendBatch.parse(body);
    const queue = queues.byUrl(QueueUrl);
    const Successful = Entries.map(({ Id, MessageBody }) => ({
      Id,
      MessageId: queue.send(MessageBody),
      MD5OfMessageBody: md5(MessageBody),
    }));
    return { Successful, Failed: [] };
  },
  ChangeMessageVisibility: (body) => {
    const { QueueUrl, ReceiptHandle, VisibilityTimeout } = ChangeVisibility.parse(body);
    queues.byUrl(QueueUrl).changeVisibility(ReceiptHandle, VisibilityTimeout);
    return {};
  },
});

/** SQS, with the queues of the template. */
export const createSqs = (queues: Queues): AwsService => {
  const perform = operations(queues);
  return {
    accesses: (call: AwsCall) => {
      const operation = operationOf(call);
      const action = ACTIONS[operation];
      if (action === undefined) throw unknownOperation(call, operation);
      return [{ action: `sqs:${action}`, resource: queues.byUrl(ToQueue.parse(jsonOf(call)).QueueUrl).arn }];
    },
    deny: denyInJson,
    perform: async (call) => jsonReply(200, perform[operationOf(call)]?.(jsonOf(call))),
  };
};
