import type { CustomerKey } from '../../domain/customer.ts';
import type { OwnerRecord } from '../../domain/owner.ts';
import type { Table } from '../dynamo/client.ts';
import { updateConditionally } from '../dynamo/conditional-write.ts';
import { RETURN_OLD_ITEM } from '../dynamo/conditions.ts';
import type { Condition } from '../dynamo/transaction.ts';
import { CustomerItem } from '../items.ts';
import { customerKey } from '../keys.ts';
import { followMerge, type Merged } from './follow-merge.ts';

const OWNER = { '#owner': 'owner' };

/** Holds while the word on the owner is what was read. */
export const ownerUnchanged = (owner: OwnerRecord | undefined): Condition =>
  owner === undefined
    ? { expression: 'attribute_not_exists(#owner)', names: OWNER, values: {} }
    : { expression: '#owner = :sameOwner', names: OWNER, values: { ':sameOwner': owner } };

export interface ChangeOwner {
  readonly channel: string;
  /** The key that the customer was read under. */
  readonly customer: CustomerKey;
  /** What was read. */
  readonly before: OwnerRecord | undefined;
  readonly after: OwnerRecord;
}

/** What a webhook says of who answers a conversation; `app` is any sender but Meta's Business Agent. */
export interface OwnerReport {
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly kind: 'meta_agent' | 'phone_app' | 'app';
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** The newest report counts. None ends a person's hold, and an app that answers may be the bot that holds it. */
const MAY_REPLACE = {
  app: '#owner.#kind IN (:agent, :phone, :none)',
  meta_agent: '#owner.#kind <> :person OR #owner.#until <= :at',
  phone_app: '#owner.#kind <> :person OR #owner.#until <= :at',
} as const satisfies Record<OwnerReport['kind'], string>;

const report = async (table: Table, reported: OwnerReport): Promise<{ readonly changed: boolean } | Merged> => {
  const { channel, customer, kind, atMs } = reported;
  const isApp = kind === 'app';
  const written = await updateConditionally(table, customerKey(channel, customer), {
    UpdateExpression: 'SET #owner = :owner',
    // A customer who is not known, or was erased, is not restored by a report (R16).
    ConditionExpression: `attribute_exists(pk) AND attribute_not_exists(movedTo) AND (attribute_not_exists(#owner) OR (#owner.#since < :at AND (${MAY_REPLACE[kind]})))`,
    ExpressionAttributeNames: {
      ...OWNER,
      '#kind': 'kind',
      '#since': 'since',
      ...(isApp ? {} : { '#until': 'until' }),
    },
    ExpressionAttributeValues: {
      ':owner': { kind: isApp ? 'none' : kind, since: atMs },
      ':at': atMs,
      ...(isApp ? { ':agent': 'meta_agent', ':phone': 'phone_app', ':none': 'none' } : { ':person': 'person' }),
    },
    ...RETURN_OLD_ITEM,
  });
  if (written.ok) return { changed: true };
  const { movedTo } = CustomerItem.parse(written.item ?? {});
  return movedTo === undefined ? { changed: false } : { movedTo };
};

/** Records who holds a conversation. */
export const createOwnerStore = (table: Table) => ({
  /** Changes the owner while it is what was read; false when it has changed since. */
  changeOwner: async ({ channel, customer, before, after }: ChangeOwner): Promise<boolean> => {
    const { expression, names, values } = ownerUnchanged(before);
    const changed = await updateConditionally(table, customerKey(channel, customer), {
      UpdateExpression: 'SET #owner = :owner',
      ConditionExpression: `attribute_not_exists(movedTo) AND ${expression}`,
      ExpressionAttributeNames: { ...names },
      ExpressionAttributeValues: { ...values, ':owner': after },
    });
    return changed.ok;
  },
  /** Records what a webhook says, unless a person holds the conversation or something newer is known; idempotent, in any order. */
  reportOwner: async (reported: OwnerReport): Promise<boolean> => {
    const { changed } = await followMerge(reported.customer, (customer) => report(table, { ...reported, customer }));
    return changed;
  },
});
