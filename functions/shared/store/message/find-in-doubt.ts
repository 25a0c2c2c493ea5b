import { epochSeconds } from '../../domain/window.ts';
import { readDue } from '../due/due-index.ts';
import { sweptUntil } from '../due/find-due.ts';
import type { Table } from '../dynamo/client.ts';
import { chunk, findItem, MAX_KEYS, readBatch } from '../dynamo/read-items.ts';
import { OutboundItem } from '../items.ts';
import { type ItemKey, type MessageName, messageKey, parseMessageKey } from '../keys.ts';
import type { FoundPage } from './find-by-reference.ts';
import type { FoundMessage } from './find-message.ts';
import { RECHECK_SECONDS } from './update-status.ts';

export interface InDoubtQuery {
  readonly channel: string;
  readonly now: Date;
  readonly limit: number;
  /** The id that ended the previous page. */
  readonly after?: string | undefined;
}

/** The clock of the writer that put a send in doubt may be ahead. */
const CLOCK_SKEW_SECONDS = 60;

/** The sends of a channel whose outcome is due, from where the sweep has got to until the last recheck. */
const dueSends = async (table: Table, { channel, now }: InDoubtQuery): Promise<readonly ItemKey[]> => {
  const at = epochSeconds(now);
  const from = Math.min(at, await sweptUntil(table, { kind: 'send', channel, until: at }));
  const of = { kind: 'send', channel } as const;
  // A recheck moves a send ahead: read last, that part has what the other one may have lost meanwhile.
  const overdue = await readDue(table, { ...of, from, to: at });
  return [
    ...overdue,
    ...(await readDue(table, { ...of, from: at + 1, to: at + RECHECK_SECONDS + CLOCK_SKEW_SECONDS })),
  ];
};

/** The name of each send once, in the order of the ids. */
const namesAfter = (keys: readonly ItemKey[], after: string | undefined): readonly MessageName[] => {
  const names = new Map(keys.flatMap((key) => parseMessageKey(key) ?? []).map((name) => [name.id, name]));
  return [...names.values()]
    .filter(({ id }) => after === undefined || id > after)
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
};

const readInDoubt = async (table: Table, names: readonly MessageName[]): Promise<readonly FoundMessage[]> => {
  const items = await readBatch(table, names.map(messageKey));
  return names.flatMap(({ channel, customer, ...name }) => {
    const key = messageKey({ channel, customer, ...name });
    const { data: message } = OutboundItem.safeParse(findItem(items, key));
    return message?.status === 'in_doubt' ? [{ key, channel, customer, message }] : [];
  });
};

/** Finds sends whose outcome is unknown. */
export const createInDoubtStore = (table: Table) => ({
  /**
   * Reads one page of the sends in doubt of a channel through the `byDueAt` index, in the order of their ids; each is read
   * strongly consistently, so that none is shown whose outcome is known.
   */
  findInDoubt: async (query: InDoubtQuery): Promise<FoundPage> => {
    const { limit, after } = query;
    const found: FoundMessage[] = [];
    for (const some of chunk(namesAfter(await dueSends(table, query), after), MAX_KEYS)) {
      found.push(...(await readInDoubt(table, some)));
      if (found.length > limit) break;
    }
    const messages = found.slice(0, limit);
    return { messages, next: found.length > limit ? messages.at(-1)?.message.id : undefined };
  },
});
