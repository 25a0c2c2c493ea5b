import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Pricing } from '../../domain/pricing.ts';
import { type MessageStatus, REPLACES } from '../../domain/status.ts';
import { epochSeconds } from '../../domain/window.ts';
import type { Table } from '../dynamo/client.ts';
import { RETURN_OLD_ITEM, writeConditionally } from '../dynamo/conditional-write.ts';
import { dueBucket, type ItemKey, messageNameOf } from '../keys.ts';

/** The provider's or our own word on why a message failed or is in doubt. */
export interface StatusError {
  readonly code: string;
  readonly title: string;
  readonly class: string;
}

export interface StatusUpdate {
  readonly to: Exclude<MessageStatus, 'accepted'>;
  readonly atMs: number;
  /** Whose word it is: a provider's overrides an operator's (R12). */
  readonly by: 'service' | 'provider' | 'operator';
  readonly providerMessageId?: string | undefined;
  readonly error?: StatusError | undefined;
  readonly pricing?: Pricing | undefined;
  /** Nothing reached the provider: the id may be used again (R11). */
  readonly released?: boolean | undefined;
}

/** How soon the sweep looks at a send in doubt again; its age is measured on each look. */
const LOOK_AGAIN_SECONDS = 300;

/** Where the sweep finds a send that waits for an outcome. */
export const nextLook = (key: ItemKey, at: Date): string => {
  const { channel, customer } = messageNameOf(key);
  return dueBucket({ kind: 'send', channel, customer, dueAt: epochSeconds(at) + LOOK_AGAIN_SECONDS });
};

const OPERATOR_SETTLED_IT = '(settledBy = :operator AND #status IN (:sent, :failed))';

/** A person settles what nobody knows, nothing else (R12). */
const SETTLED_BY_HAND: readonly MessageStatus[] = ['accepted', 'in_doubt'];

const conditionOf = ({ to, by }: StatusUpdate) => {
  const replaceable = by === 'operator' ? SETTLED_BY_HAND : REPLACES[to];
  const replaced = Object.fromEntries(replaceable.map((status, index) => [`:from${index}`, status]));
  const forward = `#status IN (${Object.keys(replaced).join(', ')})`;
  return by === 'provider'
    ? {
        expression: `(${forward} OR ${OPERATOR_SETTLED_IT})`,
        values: { ...replaced, ':operator': 'operator', ':sent': 'sent', ':failed': 'failed' },
      }
    : { expression: forward, values: replaced };
};

/** What a move writes, each with its value; an attribute without one is removed. */
const writesOf = (key: ItemKey, move: StatusUpdate): Readonly<Record<string, unknown>> => ({
  settledBy: move.by === 'operator' ? 'operator' : undefined,
  released: move.released,
  dueBucket: move.to === 'in_doubt' ? nextLook(key, new Date(move.atMs)) : undefined,
});

const priceIn = ({ pricing, atMs }: StatusUpdate) => (pricing === undefined ? undefined : { ...pricing, at: atMs });

/** What stays as it was first said. */
const firstWordsOf = (move: StatusUpdate): readonly (readonly [string, unknown])[] =>
  Object.entries({ providerMessageId: move.providerMessageId, pricing: priceIn(move) }).filter(
    ([, value]) => value !== undefined,
  );

/** Moves an existing message record forward in one write, or tells what stood in the way (R13). */
export const updateStatus = ({ documents, tableName }: Table, key: ItemKey, move: StatusUpdate) => {
  const { to, atMs, error, by } = move;
  const condition = conditionOf(move);
  const first = firstWordsOf(move);
  const writes = Object.entries(writesOf(key, move));
  const set = writes.filter(([, value]) => value !== undefined);
  const remove = writes.filter(([, value]) => value === undefined).map(([name]) => name);
  return writeConditionally(() =>
    documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: key,
        UpdateExpression: [
          'SET #status = :to, statuses = list_append(statuses, :entries)',
          ...first.map(([name]) => `, ${name} = if_not_exists(${name}, :${name})`),
          ...set.map(([name]) => `, ${name} = :${name}`),
          remove.length === 0 ? '' : ` REMOVE ${remove.join(', ')}`,
        ].join(''),
        ConditionExpression: condition.expression,
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ...condition.values,
          ...Object.fromEntries([...first, ...set].map(([name, value]) => [`:${name}`, value])),
          ':to': to,
          ':entries': [{ status: to, at: atMs, error, by: by === 'operator' ? by : undefined }],
        },
        ReturnValues: 'ALL_NEW',
        ...RETURN_OLD_ITEM,
      }),
    ),
  );
};

/** Keeps the price of a status that came too late to move the message, where the record stands without one: rare. */
export const keepLatePrice = async (
  { documents, tableName }: Table,
  key: ItemKey,
  move: StatusUpdate,
): Promise<void> => {
  const pricing = priceIn(move);
  if (pricing === undefined) return;
  await writeConditionally(() =>
    documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: key,
        UpdateExpression: 'SET pricing = :pricing',
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(pricing)',
        ExpressionAttributeValues: { ':pricing': pricing },
      }),
    ),
  );
};
