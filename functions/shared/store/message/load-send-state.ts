import type { CustomerKey } from '../../domain/customer.ts';
import type { KnownName } from '../../domain/names.ts';
import type { CustomerRecord } from '../../domain/send-decision.ts';
import type { RegisteredTemplate } from '../../domain/template.ts';
import { withEarlierConsent } from '../customer/earlier-name.ts';
import { followMerge, type Merged } from '../customer/follow-merge.ts';
import { toRecord } from '../customer/load-customer.ts';
import type { Table } from '../dynamo/client.ts';
import { findItem, type Item, readBatch } from '../dynamo/read-items.ts';
import { CustomerItem, SendItem, type SessionItem, SessionRow } from '../items.ts';
import { customerKey, type ItemKey, sendKey, sessionKey } from '../keys.ts';
import { parseTemplateRow } from '../template/template-registry.ts';

export interface SendStateQuery {
  readonly channel: string;
  readonly customer: CustomerKey;
  /** The id that belongs to the idempotency key. */
  readonly id?: string | undefined;
  /** Keys of the registry's entries that the request may use. */
  readonly templates: readonly ItemKey[];
}

/** The stored state that a send is decided on. */
export interface SendState {
  /** The canonical name: the requested one, or the one that it was merged into. */
  readonly customer: CustomerKey;
  /** Every name, once there are several. */
  readonly names: readonly KnownName[];
  readonly session: SessionItem | undefined;
  readonly record: CustomerRecord;
  /** Whether anything is stored of the customer beyond the session. */
  readonly isKnown: boolean;
  readonly claim: SendItem | undefined;
  readonly templates: readonly RegisteredTemplate[];
}

type CustomerPart = Omit<SendState, 'claim' | 'templates' | 'record'> & { readonly item: CustomerItem };

const toCustomerPart = (items: readonly Item[], channel: string, at: CustomerKey): CustomerPart | Merged => {
  const stored = findItem(items, customerKey(channel, at));
  const row = SessionRow.optional().parse(findItem(items, sessionKey(channel, at)));
  if (row !== undefined && 'movedTo' in row) return row;
  const item = CustomerItem.parse(stored ?? {});
  const { movedTo, names = [] } = item;
  if (movedTo !== undefined) return { movedTo };
  return { customer: at, names, session: row, item, isKnown: stored !== undefined };
};

/** Loads the state that a send is decided on. */
export const createSendStateStore = (table: Table) => ({
  /**
   * Loads session, customer, claim and templates in one strongly consistent BatchGetItem; in one more, of session and
   * customer alone, where the requested name is not the canonical one.
   */
  loadSendState: async ({ channel, customer, id, templates }: SendStateQuery): Promise<SendState> => {
    const keysOf = (at: CustomerKey) => [sessionKey(channel, at), customerKey(channel, at)];
    const claim = id === undefined ? [] : [sendKey(id)];
    const first = await readBatch(table, [...keysOf(customer), ...claim, ...templates]);
    let items: readonly Item[] | undefined = first;
    const { item, ...part } = await followMerge<CustomerPart>(customer, async (at) => {
      const read = items ?? (await readBatch(table, keysOf(at)));
      items = undefined;
      return toCustomerPart(read, channel, at);
    });
    const record = await withEarlierConsent(table, channel, { name: part.customer, record: item });
    return {
      ...part,
      record: toRecord(record),
      claim: SendItem.optional().parse(claim.map((key) => findItem(first, key))[0]),
      templates: templates.flatMap((key) => {
        const stored = findItem(first, key);
        return stored === undefined ? [] : [parseTemplateRow(stored)];
      }),
    };
  },
});
