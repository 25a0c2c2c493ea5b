import { createHash } from 'node:crypto';
import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from './dynamo/client.ts';
import { updateConditionally } from './dynamo/conditional-write.ts';
import type { ItemKey } from './keys.ts';

const milliseconds = z.int().nonnegative();

/** The last outcomes of an endpoint, each as it was written last. */
const OutcomeItem = z.object({
  sk: z.string(),
  deliveredAt: milliseconds.optional(),
  deliveredEvent: z.string().optional(),
  failedAt: milliseconds.optional(),
  failedEvent: z.string().optional(),
  failureCode: z.string().optional(),
});
export type EndpointOutcomes = Omit<z.infer<typeof OutcomeItem>, 'sk'>;

/** An attempt to deliver an event to an endpoint, and what came of it. */
export interface Attempt {
  readonly channel: string;
  readonly url: string;
  readonly eventId: string;
  readonly at: Date;
  /** Why it failed. @default - it was delivered */
  readonly failureCode?: string | undefined;
}

/** Each outcome of an endpoint is written once in this time. */
export const OUTCOME_PERIOD_MS = 60_000;

const partition = (channel: string) => `DELIVERIES#${channel}` as const;

/** A URL may hold a key: the table has its digest alone. */
const digestOf = (url: string): string => createHash('sha256').update(url).digest('base64url');

const keyOf = ({ channel, url }: Attempt): ItemKey => ({ pk: partition(channel), sk: digestOf(url) });

const toWrite = ({ failureCode, eventId, at }: Attempt) =>
  failureCode === undefined
    ? {
        UpdateExpression: 'SET deliveredAt = :at, deliveredEvent = :event',
        ConditionExpression: 'attribute_not_exists(deliveredAt) OR deliveredAt <= :before',
        ExpressionAttributeValues: { ':event': eventId, ':at': at.getTime() },
      }
    : {
        UpdateExpression: 'SET failedAt = :at, failedEvent = :event, failureCode = :code',
        ConditionExpression: 'attribute_not_exists(failedAt) OR failedAt <= :before',
        ExpressionAttributeValues: { ':event': eventId, ':at': at.getTime(), ':code': failureCode },
      };

/** Keeps the last outcomes of the endpoints; names no customer. */
export const createEndpointOutcomeStore = (table: Table) => ({
  /** Records an outcome, unless the same one of the endpoint was recorded less than a minute before. */
  recordOutcome: async (attempt: Attempt): Promise<void> => {
    const { ExpressionAttributeValues: values, ...write } = toWrite(attempt);
    await updateConditionally(table, keyOf(attempt), {
      ...write,
      ExpressionAttributeValues: { ...values, ':before': attempt.at.getTime() - OUTCOME_PERIOD_MS },
    });
  },

  /** Reads the last outcomes of a channel's endpoints; returns those of a URL. */
  readOutcomes: async (channel: string): Promise<(url: string) => EndpointOutcomes> => {
    const found = new Map<string, EndpointOutcomes>();
    const query = {
      TableName: table.tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': partition(channel) },
    };
    for await (const { Items = [] } of paginateQuery({ client: table.documents }, query))
      for (const item of Items) {
        const { sk, ...outcomes } = OutcomeItem.parse(item);
        found.set(sk, outcomes);
      }
    return (url) => found.get(digestOf(url)) ?? {};
  },
});
export type EndpointOutcomeStore = ReturnType<typeof createEndpointOutcomeStore>;
