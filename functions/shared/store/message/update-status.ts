import type { Identities } from '../../domain/customer.ts';
import type { Pricing } from '../../domain/pricing.ts';
import { type MessageStatus, REPLACES } from '../../domain/status.ts';
import { epochSeconds } from '../../domain/window.ts';
import { DUE_ATTRIBUTES, type DueItem, dueAttributes } from '../due/due-entry.ts';
import type { Table } from '../dynamo/client.ts';
import { updateConditionally } from '../dynamo/conditional-write.ts';
import { RETURN_OLD_ITEM } from '../dynamo/conditions.ts';
import { OutboundItem } from '../items.ts';
import { type ItemKey, messageNameOf } from '../keys.ts';

/** Why a message failed or is in doubt, by the provider or the service. */
export interface StatusError {
  readonly code: string;
  readonly title: string;
  readonly class: string;
}

export interface StatusUpdate {
  readonly to: Exclude<MessageStatus, 'accepted'>;
  readonly atMs: number;
  /** Who reports it: a provider's report overrides an operator's (R12). */
  readonly by: 'service' | 'provider' | 'operator';
  readonly providerMessageId?: string | undefined;
  /** Names of the recipient that add to those of the customer. */
  readonly recipient?: Identities | undefined;
  /** The provider's id from which a pointer leads to the message. */
  readonly pointedFrom?: string | undefined;
  readonly error?: StatusError | undefined;
  readonly pricing?: Pricing | undefined;
  /** Nothing reached the provider: the id may be used again (R11). */
  readonly released?: boolean | undefined;
  /** The claim whose attempt reports it: another attempt under the same id stays as it is (R11). */
  readonly claimedBy?: string | undefined;
}

/** After this the sweep checks a send in doubt again and measures its age. */
export const RECHECK_SECONDS = 300;

/** The entry by which the sweep finds a send in doubt again. */
export const recheckAt = (key: ItemKey, at: Date): DueItem => {
  const { channel, customer } = messageNameOf(key);
  return { kind: 'send', channel, customer, dueAt: epochSeconds(at) + RECHECK_SECONDS };
};

const NO_ENTRY = Object.fromEntries(DUE_ATTRIBUTES.map((name) => [name, undefined]));

const RESOLVED_BY_OPERATOR = '(settledBy = :operator AND #status IN (:sent, :failed))';

/** An operator resolves a send whose outcome is unknown, no other (R12). */
const RESOLVABLE: readonly MessageStatus[] = ['accepted', 'in_doubt'];

/** A late write of an earlier attempt under the same id changes nothing. */
const FENCE = 'claimedBy = :claimedBy';

const conditionOf = ({ to, by }: StatusUpdate) => {
  const replaceable = by === 'operator' ? RESOLVABLE : REPLACES[to];
  const replaced = Object.fromEntries(replaceable.map((status, index) => [`:from${index}`, status]));
  const forward = `#status IN (${Object.keys(replaced).join(', ')})`;
  return by === 'provider'
    ? {
        expression: `(${forward} OR ${RESOLVED_BY_OPERATOR})`,
        values: { ...replaced, ':operator': 'operator', ':sent': 'sent', ':failed': 'failed' },
      }
    : { expression: forward, values: replaced };
};

/** The attributes that an update sets; one without a value is removed. */
const attributesOf = (key: ItemKey, update: StatusUpdate): Readonly<Record<string, unknown>> => ({
  settledBy: update.by === 'operator' ? 'operator' : undefined,
  released: update.released,
  ...(update.to === 'in_doubt' ? dueAttributes(recheckAt(key, new Date(update.atMs))) : NO_ENTRY),
});

const priceIn = ({ pricing, atMs }: StatusUpdate) => (pricing === undefined ? undefined : { ...pricing, at: atMs });

/** The id in a provider's own report replaces the one with which it answered the send, where these differ. */
const reportedId = ({ by, providerMessageId }: StatusUpdate) =>
  by === 'provider' && providerMessageId !== undefined ? { providerMessageId } : {};

/** The attributes that keep their first value. */
const constantsOf = (update: StatusUpdate): readonly (readonly [string, unknown])[] => {
  const id = update.by === 'provider' ? undefined : update.providerMessageId;
  const { pointedFrom, recipient } = update;
  const constants = { providerMessageId: id, pointedFrom, recipient, pricing: priceIn(update) };
  return Object.entries(constants).filter(([, value]) => value !== undefined);
};

/** The write that moves the status of an existing message forward (R13). */
export const statusUpdate = (key: ItemKey, update: StatusUpdate) => {
  const { to, atMs, error, by } = update;
  const condition = conditionOf(update);
  const constants = constantsOf(update);
  const attributes = Object.entries({ ...attributesOf(key, update), ...reportedId(update) });
  const set = attributes.filter(([, value]) => value !== undefined);
  const remove = attributes.filter(([, value]) => value === undefined).map(([name]) => name);
  return {
    UpdateExpression: [
      'SET #status = :to, statuses = list_append(statuses, :entries)',
      ...constants.map(([name]) => `, ${name} = if_not_exists(${name}, :${name})`),
      ...set.map(([name]) => `, ${name} = :${name}`),
      remove.length === 0 ? '' : ` REMOVE ${remove.join(', ')}`,
    ].join(''),
    ConditionExpression: update.claimedBy === undefined ? condition.expression : `${condition.expression} AND ${FENCE}`,
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: {
      ...condition.values,
      ...(update.claimedBy === undefined ? {} : { ':claimedBy': update.claimedBy }),
      ...Object.fromEntries([...constants, ...set].map(([name, value]) => [`:${name}`, value])),
      ':to': to,
      ':entries': [{ status: to, at: atMs, error, by: by === 'operator' ? by : undefined }],
    },
  };
};

/** Whether the last change of a stored message is this update. */
const isLastChange = (stored: unknown, { to, atMs }: StatusUpdate): boolean => {
  const last = OutboundItem.safeParse(stored).data?.statuses.at(-1);
  return last?.status === to && last.at === atMs;
};

export interface StatusUpdated {
  /** False when the condition did not hold. */
  readonly ok: boolean;
  /** The item after the update, or the stored one; `undefined` when there is none. */
  readonly item: unknown;
}

/** Updates the status of an existing message in one write. */
export const updateStatus = async (table: Table, key: ItemKey, update: StatusUpdate): Promise<StatusUpdated> => {
  const write = { ...statusUpdate(key, update), ReturnValues: 'ALL_NEW', ...RETURN_OLD_ITEM } as const;
  const updated = await updateConditionally(table, key, write);
  return updated.ok
    ? { ok: true, item: updated.output.Attributes }
    : { ok: updated.wasRepeated && isLastChange(updated.item, update), item: updated.item };
};

/** Records the provider's own id of a message, where a status brings it that came too late to update the message: once. */
export const recordReportedId = async (table: Table, key: ItemKey, providerMessageId: string): Promise<void> => {
  await updateConditionally(table, key, {
    UpdateExpression: 'SET providerMessageId = :id',
    ConditionExpression: 'providerMessageId = pointedFrom',
    ExpressionAttributeValues: { ':id': providerMessageId },
  });
};

/** Records the price of a status that came too late to update the message, on a message that has no price yet: rare. */
export const recordLatePrice = async (table: Table, key: ItemKey, update: StatusUpdate): Promise<void> => {
  const pricing = priceIn(update);
  if (pricing === undefined) return;
  await updateConditionally(table, key, {
    UpdateExpression: 'SET pricing = :pricing',
    ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(pricing)',
    ExpressionAttributeValues: { ':pricing': pricing },
  });
};
