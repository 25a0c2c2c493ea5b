import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { CustomerKey } from '../domain/customer.ts';
import type { TemplateEntry } from '../domain/template-entry.ts';
import {
  CustomerItem,
  MessageItem,
  type SessionItem,
  SessionRow,
  TemplateItem,
  type Tombstone,
  Vacancy,
} from './items.ts';
import { type ItemName, nameOfItem } from './keys.ts';
import { ThresholdItem } from './usage/read-usage.ts';
import { parseThresholdKey, type UsageScope } from './usage/usage-keys.ts';

type Image = Readonly<Record<string, AttributeValue>>;

/** One record of the table's stream, as Lambda hands it over. */
export interface StreamRecord {
  /** ARN of the stream. */
  readonly eventSourceARN?: string | undefined;
  readonly dynamodb?: {
    readonly SequenceNumber?: string | undefined;
    /** Epoch seconds. */
    readonly ApproximateCreationDateTime?: number | undefined;
    readonly Keys?: Image | undefined;
    readonly OldImage?: Image | undefined;
    readonly NewImage?: Image | undefined;
  };
}

interface Images<T> {
  /** The item before the change; absent when it is new. */
  readonly before: T | undefined;
  /** The item after the change; absent when it was removed. */
  readonly after: T | undefined;
}

interface OfCustomer {
  readonly channel: string;
  readonly customer: CustomerKey;
}

/** A change of an item that is published or counted. */
export type Change =
  | ({
      readonly kind: 'session';
      /** Epoch seconds at which it was removed. */
      readonly removedAt?: number | undefined;
    } & OfCustomer &
      Images<SessionItem>)
  /** The name is another one of a customer from now on, whose items are under the canonical name. */
  | ({
      readonly kind: 'merge';
      readonly to: CustomerKey;
      /** False where it led to the same customer before, whose canonical name has changed since. */
      readonly isNew: boolean;
      /** The session that was stored under it. */
      readonly before: SessionItem | undefined;
      readonly tombstone: Tombstone;
    } & OfCustomer)
  | ({ readonly kind: 'message' } & OfCustomer & Images<MessageItem>)
  | ({
      readonly kind: 'customer';
      /** Epoch seconds at which the table changed; absent where the change is made anew. */
      readonly changedAt?: number | undefined;
    } & OfCustomer &
      Images<CustomerItem>)
  | ({ readonly kind: 'template'; readonly account: string; readonly at: Date } & Images<TemplateEntry>)
  | ({ readonly kind: 'threshold' } & UsageScope & Images<ThresholdItem>);

const Keys = z.object({ pk: z.string(), sk: z.string() });

/** The item of an image. */
export const readImage = (image: Image | undefined): unknown =>
  image === undefined ? undefined : unmarshall({ ...image });

const imagesOf = <S extends z.ZodType>(schema: S, { dynamodb }: StreamRecord): Images<z.output<S>> => {
  const [before, after] = [readImage(dynamodb?.OldImage), readImage(dynamodb?.NewImage)];
  return {
    before: before === undefined ? undefined : schema.parse(before),
    after: after === undefined ? undefined : schema.parse(after),
  };
};

type SessionName = Extract<ItemName, { kind: 'session' | 'customer' | 'message' }>;

/** When the table changed, epoch seconds. */
const secondsOf = ({ dynamodb }: StreamRecord): number => dynamodb?.ApproximateCreationDateTime ?? 0;

const isVacated = (image: Image | undefined): boolean => Vacancy.safeParse(readImage(image)).success;

const toTombstone = (
  { channel, customer }: SessionName,
  { old, before, tombstone }: { old: SessionRow; before: SessionItem | undefined; tombstone: Tombstone },
): Change => {
  const { movedTo, names = [] } = tombstone;
  const isOfSame = (canonical: CustomerKey) => canonical === movedTo || names.includes(canonical);
  const isNew = old === undefined || !('movedTo' in old) || !isOfSame(old.movedTo);
  return { kind: 'merge', channel, customer, to: tombstone.movedTo, isNew, before, tombstone };
};

/** A session that leaves with its customer, when their name gets another owner, goes on under another name. */
const sessionChange = (name: SessionName, record: StreamRecord): Change | undefined => {
  const { channel, customer } = name;
  const { before: old, after } = imagesOf(SessionRow, record);
  const before = old !== undefined && 'movedTo' in old ? undefined : old;
  if (after !== undefined && 'movedTo' in after) return toTombstone(name, { old, before, tombstone: after });
  const hasSession = before !== undefined || after !== undefined;
  if (!hasSession || isVacated(record.dynamodb?.NewImage)) return undefined;
  const removedAt = after === undefined ? secondsOf(record) : undefined;
  return { kind: 'session', channel, customer, before, after, removedAt };
};

const itemChange = (name: ItemName, record: StreamRecord): Change | undefined => {
  switch (name.kind) {
    case 'session':
      return sessionChange(name, record);
    case 'customer':
      return { ...name, kind: 'customer', changedAt: secondsOf(record), ...imagesOf(CustomerItem, record) };
    case 'message':
      return { ...name, kind: 'message', ...imagesOf(MessageItem, record) };
    case 'template': {
      const at = new Date(secondsOf(record) * 1000);
      return { ...name, at, ...imagesOf(TemplateItem, record) };
    }
  }
};

/** Reads a record of the stream; `undefined` for the service's own items. */
export const readChange = (record: StreamRecord): Change | undefined => {
  const key = Keys.parse(readImage(record.dynamodb?.Keys));
  const month = parseThresholdKey(key);
  if (month !== undefined) return { kind: 'threshold', ...month, ...imagesOf(ThresholdItem, record) };
  const name = nameOfItem(key);
  return name === undefined ? undefined : itemChange(name, record);
};
