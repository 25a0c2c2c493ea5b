import * as fc from 'fast-check';
import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import type { ServiceEvent } from '../../functions/shared/domain/events.ts';
import type { NameLink, ReportedName } from '../../functions/shared/domain/names.ts';
import { phaseAt } from '../../functions/shared/domain/window.ts';
import { toEvents } from '../../functions/shared/events/to-events.ts';
import { type Change, readChange } from '../../functions/shared/store/changes.ts';
import { linkNames, releaseName } from '../../functions/shared/store/customer/link-names.ts';
import { SessionRow } from '../../functions/shared/store/items.ts';
import { customerKey, type ItemKey, sessionKey } from '../../functions/shared/store/keys.ts';
import { CHANNEL, NOON_SECONDS } from './arrivals.ts';
import { aPopulation } from './persons.ts';
import { aTableInMemory } from './table.ts';

const LEAD = 3_600;
const DAY = 86_400;
export const [W1, W2, CRM] = ['+15550000001', '+15550000002', '+15550000109'].map((name) =>
  CustomerKey.parse(name),
) as [CustomerKey, CustomerKey, CustomerKey];
export const [U1, U2] = ['US.1', 'US.2'].map((name) => CustomerKey.parse(name)) as [CustomerKey, CustomerKey];

export const number = (name: CustomerKey): ReportedName => ({ name, kind: 'wa_id' });
export const user = (name: CustomerKey): ReportedName => ({ name, kind: 'user_id' });
export type Report = Pick<NameLink, 'names' | 'replaced'>;

/** What a provider may report of one person; contradicts itself nowhere. */
export const OF_ONE: readonly Report[] = [
  { names: [number(W1), user(U1)] },
  { names: [{ name: CRM, kind: 'number' }, number(W1)] },
  { names: [{ name: CRM, kind: 'number' }, user(U1)] },
];
/** Of two people, who change their numbers and get each other's. */
export const OF_TWO: readonly Report[] = [
  ...OF_ONE,
  { names: [number(W2), user(U2)] },
  { names: [number(W1), user(U2)] },
  { names: [number(W2), user(U1)] },
  { names: [number(W2)], replaced: [number(W1)] },
  { names: [user(U2)], replaced: [user(U1)] },
];

type Act =
  | { readonly kind: 'message'; readonly name: CustomerKey }
  | { readonly kind: 'link'; readonly report: Report }
  | { readonly kind: 'sweep' | 'delete' };
export type Step = readonly [act: Act, seconds: number];

export const stepsOf = (names: readonly CustomerKey[], reports: readonly Report[]): fc.Arbitrary<readonly Step[]> => {
  const message = fc.record({ kind: fc.constant('message' as const), name: fc.constantFrom(...names) });
  const act: fc.Arbitrary<Act> = fc.oneof(
    message,
    message,
    fc.record({ kind: fc.constant('link' as const), report: fc.constantFrom(...reports) }),
    fc.record({ kind: fc.constantFrom('sweep' as const, 'delete' as const) }),
  );
  return fc.array(fc.tuple(act, fc.integer({ min: 1, max: 30_000 })), { maxLength: 24 });
};

/** One step, and the events of what it wrote. */
interface Played {
  readonly act: Act;
  readonly changes: readonly Change[];
  readonly events: readonly ServiceEvent[];
  /** The names that lead to another customer than before, and to whom. */
  readonly led: ReadonlyMap<CustomerKey, CustomerKey>;
}

/** Plays steps on a table in memory with the service's own links, and the windows as the service's conditions leave them. */
export const play = async (steps: readonly Step[]): Promise<readonly Played[]> => {
  let now = NOON_SECONDS;
  const table = aTableInMemory(() => new Date(now * 1000));
  const people = aPopulation();
  const row = (key: ItemKey) => SessionRow.optional().parse(table.find(key));
  const canonicalOf = (name: CustomerKey): CustomerKey => {
    const found = row(sessionKey(CHANNEL, name));
    return found !== undefined && 'movedTo' in found ? canonicalOf(found.movedTo) : name;
  };

  const write = async (name: CustomerKey) => {
    await releaseName(table, { channel: CHANNEL, name, at: now, now: new Date(now * 1000) });
    people.release(name, now);
    const key = sessionKey(CHANNEL, canonicalOf(name));
    const before = row(key);
    const session = before !== undefined && 'sessionId' in before ? before : undefined;
    const isOpen = session !== undefined && session.expiresAt > now && session.phase !== 'closed';
    const begun = isOpen ? table.find(key) : { sessionId: `ses_${now}`, openedAt: now };
    const record = customerKey(CHANNEL, canonicalOf(name));
    table.put(record, { ...table.find(record), lastOpenedAt: now });
    table.put(key, {
      ...begun,
      lastInboundAt: now,
      expiresAt: now + DAY,
      phase: 'open',
      dueShard: 'due',
      dueAt: now + DAY,
    });
  };
  const sweep = (key: ItemKey) => {
    const session = row(key);
    if (session === undefined || 'movedTo' in session || session.phase === 'closed') return;
    const phase = phaseAt(session.expiresAt, LEAD, new Date(now * 1000));
    if (phase !== session.phase) table.put(key, { ...table.find(key), phase });
  };
  const remove = (key: ItemKey) => {
    const { expiresAt } = table.find(key) ?? {};
    if (typeof expiresAt === 'number' && expiresAt <= now) table.put(key, undefined);
  };
  const sessionKeys = async () =>
    (await table.scan()).flatMap(({ pk, sk }) => (sk === 'SESSION' ? [{ pk: String(pk), sk }] : []));
  const run = async (act: Act) => {
    if (act.kind === 'message') return write(act.name);
    if (act.kind === 'sweep') for (const key of await sessionKeys()) sweep(key);
    if (act.kind === 'delete') for (const key of await sessionKeys()) remove(key);
    if (act.kind !== 'link') return;
    const link = { ...act.report, channel: CHANNEL, at: now, learnedFrom: 'message' } as const;
    await linkNames(table, { link, now: new Date(now * 1000) });
    people.link(link);
  };

  const played: Played[] = [];
  const end: readonly Step[] = [
    [{ kind: 'sweep' }, 2 * DAY],
    [{ kind: 'delete' }, 1],
  ];
  for (const [act, seconds] of [...steps, ...end]) {
    now += seconds;
    const before = new Map([W1, W2, CRM, U1, U2].map((name) => [name, people.canonicalOf(name)]));
    await run(act);
    const changes = table.takeRecords().flatMap((record) => readChange(record) ?? []);
    const events = changes.flatMap((change) => toEvents(change, LEAD));
    const led = new Map(
      [...before.keys()]
        .map((name) => [name, people.canonicalOf(name)] as const)
        .filter(([name, to]) => before.get(name) !== to),
    );
    played.push({ act, changes, events, led });
  }
  return played;
};
