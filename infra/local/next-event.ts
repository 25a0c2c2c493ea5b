import type { Channel } from '../../functions/shared/domain/config.ts';
import type { Table } from '../../functions/shared/store/dynamo/client.ts';
import { type Item, readItems } from '../../functions/shared/store/dynamo/read-items.ts';
import { OutboundItem, SessionItem } from '../../functions/shared/store/items.ts';
import { readDueEntries } from './due-entries.ts';
import type { HeldWebhook } from './simulator/held-webhooks.ts';

/** Something that time alone brings about. */
export interface NextEvent {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly what: 'session_closing' | 'session_closed' | 'send_due' | 'webhook_late';
  readonly channel?: string | undefined;
  readonly customer?: string | undefined;
}

export interface NextEventDeps {
  readonly table: Table;
  readonly channels: readonly Channel[];
  /** The webhooks that faults hold back. */
  readonly held: () => readonly HeldWebhook[];
}

type Time = Pick<NextEvent, 'what'> & { readonly atMs: number };

/** When the sweep has something to do with an item, and what. */
const timeOf = (item: Item, closingLeadSeconds: number): Time | undefined => {
  const { data: session } = SessionItem.safeParse(item);
  if (session !== undefined) {
    const { phase, expiresAt } = session;
    return phase === 'open'
      ? { what: 'session_closing', atMs: (expiresAt - closingLeadSeconds) * 1000 }
      : { what: 'session_closed', atMs: expiresAt * 1000 };
  }
  const { data: send } = OutboundItem.safeParse(item);
  return send?.status === 'accepted' ? { what: 'send_due', atMs: send.leaseUntil } : undefined;
};

const CUSTOMER_OF = /^CUSTOMER#[^#]*#(.*)$/;

/** Finds what happens next by time alone: a session's closing or end, a send that comes in doubt, a webhook that is late. */
export const createNextEvent =
  ({ table, channels, held }: NextEventDeps) =>
  async (): Promise<NextEvent | null> => {
    const entries = await readDueEntries(table);
    const items = await readItems(table, entries);
    const fromTable = items.flatMap((item) => {
      const entry = entries.find(({ pk, sk }) => pk === item['pk'] && sk === item['sk']);
      const channel = entry?.channel;
      const lead = channels.find(({ id }) => id === channel)?.closingLeadSeconds ?? 0;
      const time = timeOf(item, lead);
      const customer = CUSTOMER_OF.exec(entry?.pk ?? '')?.[1];
      return time === undefined
        ? []
        : [{ at: new Date(time.atMs).toISOString(), what: time.what, channel, customer } satisfies NextEvent];
    });
    const late = held().flatMap(({ until }): NextEvent[] =>
      until === undefined ? [] : [{ at: until, what: 'webhook_late' }],
    );
    return [...fromTable, ...late].toSorted((one, other) => one.at.localeCompare(other.at))[0] ?? null;
  };
