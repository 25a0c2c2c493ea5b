import type * as z from 'zod';
import type { CustomerKey } from '../../domain/customer.ts';
import type { CustomerRecord } from '../../domain/send-decision.ts';
import type { RegisteredTemplate } from '../../domain/template.ts';
import { followMoves } from '../customer/follow-merge.ts';
import { toRecord } from '../customer/load-customer.ts';
import { itemOf, readAll } from '../dynamo/batch-read.ts';
import type { Table } from '../dynamo/client.ts';
import { CustomerItem, SendItem, type SessionItem, SessionRow } from '../items.ts';
import { customerKey, type ItemKey, sendKey, sessionKey } from '../keys.ts';
import { parseTemplateRow } from '../template/template-registry.ts';

export interface SendFactsQuery {
  readonly channel: string;
  readonly customer: CustomerKey;
  /** The id that an idempotency key stands for. */
  readonly id?: string | undefined;
  /** Keys of the registry's entries that the request may use. */
  readonly templates: readonly ItemKey[];
}

/** Everything a send is decided on, as it stood at one moment. */
export interface SendSeen {
  /** Where the customer lives: the one asked for, or the one it was merged into. */
  readonly customer: CustomerKey;
  readonly session: SessionItem | undefined;
  readonly record: CustomerRecord;
  readonly claim: z.infer<typeof SendItem> | undefined;
  readonly templates: readonly RegisteredTemplate[];
}

/** Reads what a send is decided on in one strongly consistent BatchGetItem. */
export const createSendFactsStore = (table: Table) => ({
  loadSendFacts: ({ channel, customer, id, templates }: SendFactsQuery): Promise<SendSeen> =>
    followMoves<SendSeen>(customer, async (at) => {
      const [session, record] = [sessionKey(channel, at), customerKey(channel, at)];
      const claim = id === undefined ? [] : [sendKey(id)];
      const items = await readAll(table, [session, record, ...claim, ...templates]);
      const row = SessionRow.optional().parse(itemOf(items, session));
      if (row !== undefined && 'movedTo' in row) return row;
      return {
        customer: at,
        session: row,
        record: toRecord(CustomerItem.parse(itemOf(items, record) ?? {})),
        claim: SendItem.optional().parse(claim.map((key) => itemOf(items, key))[0]),
        templates: templates.flatMap((key) => {
          const item = itemOf(items, key);
          return item === undefined ? [] : [parseTemplateRow(item)];
        }),
      };
    }),
});
