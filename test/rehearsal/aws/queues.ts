import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Assembly } from '../assembly/assembly.ts';

const QueueProperties = z.object({
  VisibilityTimeout: z.number().default(30),
  RedrivePolicy: z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() }).optional(),
});

interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  receives: number;
  visibleAt: number;
  receipt: string;
}

/** A message as Lambda passes it. */
export interface QueueRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, unknown>>;
  readonly md5OfBody: string;
  readonly eventSource: 'aws:sqs';
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

export interface Queue {
  readonly arn: string;
  readonly url: string;
  readonly send: (body: string) => string;
  /** Messages that are visible; one that was received too often moves to the dead-letter queue. */
  readonly receive: (limit: number) => readonly QueueRecord[];
  readonly changeVisibility: (receipt: string, seconds: number) => void;
  readonly remove: (receipt: string) => void;
  /** The bodies of every message, visible or not. */
  readonly bodies: () => readonly string[];
}

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

interface QueueOptions {
  readonly arn: string;
  readonly url: string;
  readonly visibilitySeconds: number;
  readonly redrive: { readonly maxReceives: number; readonly to: () => Queue } | undefined;
  readonly now: () => number;
}

const createQueue = ({ arn, url, visibilitySeconds, redrive, now }: QueueOptions): Queue => {
  const messages: Message[] = [];
  const isSpent = ({ receives, visibleAt }: Message) =>
    redrive !== undefined && receives >= redrive.maxReceives && visibleAt <= now();
  const moveSpent = () => {
    for (const message of messages.filter(isSpent)) {
      messages.splice(messages.indexOf(message), 1);
      redrive?.to().send(message.body);
    }
  };
  const toRecord = (message: Message): QueueRecord => {
    message.receives += 1;
    message.receipt = randomUUID();
    message.visibleAt = now() + visibilitySeconds * 1000;
    return {
      messageId: message.id,
      receiptHandle: message.receipt,
      body: message.body,
      attributes: {
        ApproximateReceiveCount: String(message.receives),
        SentTimestamp: String(message.sentAt),
        ApproximateFirstReceiveTimestamp: String(now()),
        SenderId: 'AIDAREHEARSAL',
      },
      messageAttributes: {},
      md5OfBody: md5(message.body),
      eventSource: 'aws:sqs',
      eventSourceARN: arn,
      awsRegion: arn.split(':')[3] ?? '',
    };
  };
  return {
    arn,
    url,
    send: (body) => {
      const id = randomUUID();
      messages.push({ id, body, sentAt: now(), receives: 0, visibleAt: now(), receipt: '' });
      return id;
    },
    receive: (limit) => {
      moveSpent();
      return messages
        .filter(({ visibleAt }) => visibleAt <= now())
        .slice(0, limit)
        .map(toRecord);
    },
    changeVisibility: (receipt, seconds) => {
      const message = messages.find((candidate) => candidate.receipt === receipt);
      if (message !== undefined) message.visibleAt = now() + seconds * 1000;
    },
    remove: (receipt) => {
      const index = messages.findIndex((candidate) => candidate.receipt === receipt);
      if (index >= 0) messages.splice(index, 1);
    },
    bodies: () => messages.map(({ body }) => body),
  };
};

/** Every queue of the template, found by its ARN or its URL. */
export interface Queues {
  readonly byArn: (arn: string) => Queue;
  readonly byUrl: (url: string) => Queue;
}

export const createQueues = (assembly: Assembly, now: () => number): Queues => {
  const queues: Queue[] = [];
  const find = (name: 'arn' | 'url', value: string): Queue => {
    const queue = queues.find((candidate) => candidate[name] === value);
    if (queue === undefined) throw new Error(`the template has no queue ${value}`);
    return queue;
  };
  for (const { id, properties } of assembly.ofType('AWS::SQS::Queue')) {
    const { VisibilityTimeout: visibilitySeconds, RedrivePolicy: policy } = QueueProperties.parse(properties);
    const { ref: url, attributes } = assembly.identity(id);
    const redrive =
      policy === undefined
        ? undefined
        : { maxReceives: policy.maxReceiveCount, to: () => find('arn', policy.deadLetterTargetArn) };
    queues.push(createQueue({ arn: attributes['Arn'] ?? '', url, visibilitySeconds, redrive, now }));
  }
  return { byArn: (arn) => find('arn', arn), byUrl: (url) => find('url', url) };
};
