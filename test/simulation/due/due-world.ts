import { isDeepStrictEqual } from 'node:util';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { CustomerKey, type Identities } from '../../../functions/shared/domain/customer.ts';
import type { Phase } from '../../../functions/shared/domain/window.ts';
import { toDocumentClient } from '../../../functions/shared/store/dynamo/client.ts';
import { createInboundStore } from '../../../functions/shared/store/message/record-inbound.ts';
import { createClosingStore } from '../../../functions/shared/store/session/list-closing.ts';
import { createProviderClosedStore } from '../../../functions/shared/store/session/record-provider-closed.ts';
import { createStore, type StoreRuntime } from '../../../functions/window-sweep/store.ts';
import { createWindowSweep } from '../../../functions/window-sweep/window-sweep.ts';
import { anArrival, CHANNEL } from '../../support/arrivals.ts';
import { createMemoryClient, type Request, type Wire } from '../dynamo/memory-client.ts';
import { type Change, createMemoryTable } from '../dynamo/memory-table.ts';
import type { Item } from '../dynamo/values.ts';
import { once } from '../once.ts';
import { quietLog } from '../service.ts';

const DAY = 86_400;

/** A sweep runs each minute; the index lags and clocks differ by less than the rest. */
export const MOST_LATE_SECONDS = { closing: 130, closed: 90 } as const;

/** A session as it is stored. */
export interface Stored {
  readonly customer: string;
  readonly sessionId: string;
  readonly expiresAt: number;
  readonly phase: Phase;
  /** The second of its entry in the index. */
  readonly dueAt: number;
}

const storedOf = once((item: Item): Stored => {
  const { pk, sk: _, ...row } = unmarshall({ ...item });
  return { ...(row as Omit<Stored, 'customer'>), customer: String(pk).split('#')[2] ?? '' };
});

type Input = Readonly<Record<string, unknown>>;

/** The items that a request writes, but for messages and cursors. */
const itemsOf = ({ name, input }: Request): readonly Input[] => {
  const operations =
    name === 'TransactWriteItems'
      ? (input['TransactItems'] as readonly Record<string, Input>[]).flatMap(Object.values)
      : [input];
  if (!/^(Put|Update|Delete|Transact)/.test(name)) return [];
  return operations.filter((one: Input) => !/"(MSG#|SWEEP#|BEAT)/.test(JSON.stringify([one['Key'] ?? one['Item']])));
};

/** An entry that comes or goes is one unit of the index, one that moves two. */
const indexUnits = (before: Item | undefined, after: Item | undefined): number => {
  const [old, fresh] = [before?.['dueAt']?.N, after?.['dueAt']?.N];
  if (old === fresh) return 0;
  return old === undefined || fresh === undefined ? 1 : 2;
};

/** Whether the entry of a session is all that changed. */
const isMove = (before: Item | undefined, after: Item | undefined): boolean =>
  before?.['dueAt'] !== undefined &&
  after?.['dueAt'] !== undefined &&
  before['dueAt'].N !== after['dueAt'].N &&
  ['sessionId', 'phase', 'expiresAt'].every((name) => isDeepStrictEqual(before[name], after[name]));

/** What the sweep, the list and the writers of messages see of one channel, on a table in memory; all times in epoch seconds. */
export const createDueWorld = (lead: number) => {
  let now = 0;
  let closingLeadSeconds = lead;
  let messages = 0;
  /** Called before each request of the sweep. */
  let beforeRequest: (request: Request) => Promise<unknown> = async () => undefined;
  let isStale = () => false;
  const memory = createMemoryTable(() => new Date(now * 1000));
  let changes: Change[] = [];
  const units = { writes: 0, index: 0, moves: 0, left: 0 };
  /** Makes a request take effect, and counts its units, without those of messages and of the sweep's cursors. */
  const run = (request: Request, stale = false): object => {
    const items = itemsOf(request);
    units.writes += items.length * (request.name === 'TransactWriteItems' ? 2 : 1);
    const answer = request.run(stale);
    const made = memory.takeChanges();
    for (const { before, after } of made) {
      units.index += indexUnits(before, after);
      if (isMove(before, after)) units.moves += 1;
      if (before?.['dueAt'] !== undefined && after?.['dueAt'] === undefined) units.left += 1;
    }
    changes.push(...made);
    return answer;
  };
  const tableOn = (wire: Wire) => ({
    documents: toDocumentClient(createMemoryClient(memory, wire)),
    tableName: 'memory',
  });
  const table = tableOn(async (request) => run(request));
  const swept = tableOn(async (request) => {
    await beforeRequest(request);
    return run(request, isStale());
  });
  const store = {
    ...createInboundStore(table),
    ...createClosingStore(table),
    ...createProviderClosedStore(table),
  };
  const deliver = (identities: Identities, at: number): Promise<unknown> => {
    messages += 1;
    const times = { at: new Date(at * 1000), now: new Date(now * 1000) };
    const arrival = anArrival({ ...times, id: `wamid.${messages}`, identities });
    return store.recordInbound({ ...arrival, closingLeadSeconds });
  };
  const runtime = () =>
    ({
      store: createStore(swept),
      log: quietLog([]),
      now: () => new Date(now * 1000),
      channels: [{ id: CHANNEL, closingLeadSeconds }],
    }) as unknown as StoreRuntime;
  const sessions = (): readonly Stored[] =>
    memory.allAt('SESSION').flatMap((item) => (item['movedTo'] === undefined ? [storedOf(item)] : []));
  return {
    sessions,
    /** Write units of the table and of the index since the beginning; `moves`: writes that moved an entry alone, `left`: entries that were removed. */
    units: () => ({ ...units }),
    /** The phases that sessions came to for an end, since the last call. */
    takePhases: () => {
      const taken = changes;
      changes = [];
      return taken.flatMap(({ key, before, after }) => {
        if (key.sk !== 'SESSION' || after?.['phase'] === undefined) return [];
        const [old, fresh] = [before?.['phase']?.S, after['phase'].S];
        const isSame = before?.['sessionId']?.S === after['sessionId']?.S;
        return isSame && old !== fresh ? [`${after['sessionId']?.S} ${after['expiresAt']?.N} ${fresh}`] : [];
      });
    },
    now: () => now,
    setNow: (second: number): void => {
      now = second;
    },
    lead: () => closingLeadSeconds,
    setLead: (seconds: number): void => {
      closingLeadSeconds = seconds;
    },
    setLagging: memory.setLagging,
    /** Makes eventually consistent reads of the sweep stale, and lets others write before its requests. */
    disturb: (stale: () => boolean, before: typeof beforeRequest): void => {
      isStale = stale;
      beforeRequest = before;
    },
    /** A customer writes at a second, which is delivered now. */
    write: (customer: string, at = now, userId?: string): Promise<unknown> =>
      deliver({ phone: CustomerKey.parse(customer), ...(userId && { userId: CustomerKey.parse(userId) }) }, at),
    /** A customer writes by user id. */
    writeById: (userId: string): Promise<unknown> => deliver({ userId: CustomerKey.parse(userId) }, now),
    /** The provider refuses a send to the customer as too late. */
    closeByProvider: (customer: string, session: Stored): Promise<unknown> =>
      store.recordProviderClosed({
        channel: CHANNEL,
        customer: CustomerKey.parse(customer),
        decidedOn: session.expiresAt - DAY,
        atMs: now * 1000,
      }),
    sweep: (): Promise<void> => createWindowSweep(runtime())({ id: 'sweep' }),
    /** Every page of the list. */
    list: async (withinSeconds: number, limit: number) => {
      const found: { readonly customer: string; readonly expiresAt: number }[] = [];
      let after: string | undefined;
      do {
        const page = await store.listClosing({
          channel: CHANNEL,
          now: new Date(now * 1000),
          withinSeconds,
          limit,
          after,
        });
        found.push(...page.sessions.map(({ customer, session }) => ({ customer, expiresAt: session?.expiresAt ?? 0 })));
        after = page.next;
      } while (after !== undefined);
      return found;
    },
    count: (withinSeconds: number): Promise<number> =>
      store.countClosing({ channel: CHANNEL, now: new Date(now * 1000), withinSeconds }),
  };
};
export type DueWorld = ReturnType<typeof createDueWorld>;
