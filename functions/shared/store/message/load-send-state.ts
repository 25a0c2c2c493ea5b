import type * as z from 'zod';
import type { CustomerKey } from '../../domain/customer.ts';
import type { CustomerRecord } from '../../domain/send-decision.ts';
import type { RegisteredTemplate } from '../../domain/template.ts';
import { followMerge } from '../customer/follow-merge.ts';
import { toRecord } from '../customer/load-customer.ts';
import type { Table } from '../dynamo/client.ts';
import { findItem, readBatch } from '../dynamo/read-items.ts';
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
  /** The key that the items are stored under: the requested one, or the one that it was merged into. */
  readonly customer: CustomerKey;
  readonly session: SessionItem | undefined;
  readonly record: CustomerRecord;
  /** Whether anything is stored of the customer beyond the session. */
  readonly isKnown: boolean;
  readonly claim: z.infer<typeof SendItem> | undefined;
  readonly templates: readonly RegisteredTemplate[];
}

/** Loads the state that a send is decided on. */
export const createSendStateStore = (table: Table) => ({
  /** Loads session, customer, claim and templates in one strongly consistent BatchGetItem, and one more for each merge. */
  loadSendState: ({ channel, customer, id, templates }: SendStateQuery): Promise<SendState> =>
    followMerge<SendState>(customer, async (at) => {
      const [session, record] = [sessionKey(channel, at), customerKey(channel, at)];
      const claim = id === undefined ? [] : [sendKey(id)];
      const items = await readBatch(table, [session, record, ...claim, ...templates]);
      const row = SessionRow.optional().parse(findItem(items, session));
      if (row !== undefined && 'movedTo' in row) return row;
      return {
        customer: at,
        session: row,
        record: toRecord(CustomerItem.parse(findItem(items, record) ?? {})),
        isKnown: findItem(items, record) !== undefined,
        claim: SendItem.optional().parse(claim.map((key) => findItem(items, key))[0]),
        templates: templates.flatMap((key) => {
          const item = findItem(items, key);
          return item === undefined ? [] : [parseTemplateRow(item)];
        }),
      };
    }),
});
