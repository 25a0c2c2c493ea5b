import pMap from 'p-map';
import { type Phase, phaseAt } from '../../domain/window.ts';
import type { Table } from '../dynamo/client.ts';
import { updateConditionally } from '../dynamo/conditional-write.ts';
import { RETURN_OLD_ITEM } from '../dynamo/conditions.ts';
import { chunk, type Item, MAX_KEYS, readBatch } from '../dynamo/read-items.ts';
import { SessionItem, SessionRow } from '../items.ts';
import type { ItemKey } from '../keys.ts';

/** Parallel writes. */
const CONCURRENCY = 32;

export interface PhaseRule {
  readonly closingLeadSeconds: number;
  readonly now: Date;
  /** Called with each item that this version cannot parse. */
  readonly onUnreadable?: () => void;
}

/** A session whose phase was set. */
export interface PhaseSet {
  readonly phase: Phase;
  /** Since the moment at which the phase begins. */
  readonly lagSeconds: number;
}

interface StoredSession {
  readonly key: ItemKey;
  readonly session: SessionItem;
}

const FOLLOWS: Readonly<Record<Phase, readonly Phase[]>> = {
  open: [],
  closing: ['open'],
  closed: ['open', 'closing'],
};

/** A closed session leaves the due index; the customer's next session enters it. */
const updateTo = (phase: Phase): string => `SET phase = :phase${phase === 'closed' ? ' REMOVE dueBucket' : ''}`;

/** Writes nothing when a message of the customer or another sweep has changed the session; false then. */
const setPhase = async (table: Table, { key, session }: StoredSession, phase: Phase): Promise<boolean> => {
  const set = await updateConditionally(table, key, {
    UpdateExpression: updateTo(phase),
    ConditionExpression: 'sessionId = :sameId AND expiresAt = :sameEnd AND phase = :samePhase',
    ExpressionAttributeValues: {
      ':phase': phase,
      ':sameId': session.sessionId,
      ':sameEnd': session.expiresAt,
      ':samePhase': session.phase,
    },
    ...RETURN_OLD_ITEM,
  });
  if (set.ok || !set.wasRepeated) return set.ok;
  const { data } = SessionItem.safeParse(set.item);
  return data?.sessionId === session.sessionId && data.expiresAt === session.expiresAt && data.phase === phase;
};

const setNext = async (table: Table, stored: StoredSession, rule: PhaseRule): Promise<PhaseSet | undefined> => {
  const { expiresAt, phase: current } = stored.session;
  const phase = phaseAt(expiresAt, rule.closingLeadSeconds, rule.now);
  if (!FOLLOWS[phase].includes(current)) return undefined;
  const ok = await setPhase(table, stored, phase);
  const dueAt = phase === 'closed' ? expiresAt : expiresAt - rule.closingLeadSeconds;
  return ok ? { phase, lagSeconds: Math.max(0, rule.now.getTime() / 1000 - dueAt) } : undefined;
};

/** A session that cannot be parsed does not delay the others. */
const toStored = (item: Item, keys: readonly ItemKey[], rule: PhaseRule): readonly StoredSession[] => {
  const { data: session } = SessionRow.safeParse(item);
  if (session === undefined) rule.onUnreadable?.();
  const key = keys.find(({ pk }) => pk === item['pk']);
  return session === undefined || 'movedTo' in session || key === undefined ? [] : [{ key, session }];
};

const setSome = async (table: Table, keys: readonly ItemKey[], rule: PhaseRule): Promise<readonly PhaseSet[]> => {
  const stored = (await readBatch(table, keys, false)).flatMap((item) => toStored(item, keys, rule));
  const set = await pMap(stored, (one) => setNext(table, one, rule), { concurrency: CONCURRENCY });
  return set.filter((one) => one !== undefined);
};

/** Sets the phase of sessions, open, closing, closed, as time passes; the stream publishes it. */
export const createPhaseStore = (table: Table) => ({
  /** Sets the phase of sessions that have reached the next one: one read for 100, one conditional write for each. */
  setPhases: async (keys: readonly ItemKey[], rule: PhaseRule): Promise<readonly PhaseSet[]> => {
    const set: PhaseSet[] = [];
    for (const some of chunk(keys, MAX_KEYS)) set.push(...(await setSome(table, some, rule)));
    return set;
  },
});
