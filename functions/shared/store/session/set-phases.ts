import pMap from 'p-map';
import { epochSeconds, type Phase, phaseAt } from '../../domain/window.ts';
import { type DueItem, dueAtOf, exactSeconds, REMOVE_DUE, setDue } from '../due/due-entry.ts';
import type { Table } from '../dynamo/client.ts';
import { updateConditionally } from '../dynamo/conditional-write.ts';
import { RETURN_OLD_ITEM } from '../dynamo/conditions.ts';
import { chunk, type Item, MAX_KEYS, readBatch } from '../dynamo/read-items.ts';
import { SessionItem, SessionRow } from '../items.ts';
import { type ItemKey, nameOfItem } from '../keys.ts';

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
  /** The second of its entry in the due index. */
  readonly dueAt: number | undefined;
  /** The entry at its end. */
  readonly atEnd: DueItem;
}

const FOLLOWS: Readonly<Record<Phase, readonly Phase[]>> = {
  open: [],
  closing: ['open'],
  closed: ['open', 'closing'],
};

/** A closed session leaves the due index; of one that is about to end, the entry is exact. */
const updateTo = (phase: Phase, stored: StoredSession) => {
  if (phase === 'closed') return { update: `SET phase = :phase ${REMOVE_DUE}`, values: {} };
  const { set, values } = setDue(stored.atEnd);
  return { update: `SET phase = :phase, ${set}`, values };
};

/** Writes nothing when a message of the customer or another sweep has changed the session; false then. */
const setPhase = async (table: Table, stored: StoredSession, phase: Phase): Promise<boolean> => {
  const { key, session } = stored;
  const { update, values } = updateTo(phase, stored);
  const set = await updateConditionally(table, key, {
    UpdateExpression: update,
    ConditionExpression: 'sessionId = :sameId AND expiresAt = :sameEnd AND phase = :samePhase',
    ExpressionAttributeValues: {
      ...values,
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

/**
 * Moves the early entry of a session to the end that was read, also where a message has moved that meanwhile: it is not late
 * then. A message that is written within the edge moves the entry itself, so that nothing is to do where this write fails.
 */
const moveEntry = async (table: Table, { key, session, dueAt, atEnd }: StoredSession): Promise<void> => {
  const { set, values } = setDue(atEnd);
  await updateConditionally(table, key, {
    UpdateExpression: `SET ${set}`,
    ConditionExpression: 'sessionId = :sameId AND dueAt = :seen AND phase <> :closed',
    ExpressionAttributeValues: { ...values, ':sameId': session.sessionId, ':seen': dueAt, ':closed': 'closed' },
  });
};

/** Whether the sweep has reached an entry before the session is due. */
const isEarly = ({ session, dueAt }: StoredSession, { closingLeadSeconds, now }: PhaseRule): boolean =>
  dueAt !== undefined &&
  session.phase !== 'closed' &&
  dueAt < session.expiresAt &&
  dueAt <= epochSeconds(now) + exactSeconds(closingLeadSeconds);

const setNext = async (table: Table, stored: StoredSession, rule: PhaseRule): Promise<PhaseSet | undefined> => {
  const { expiresAt, phase: current } = stored.session;
  const phase = phaseAt(expiresAt, rule.closingLeadSeconds, rule.now);
  if (!FOLLOWS[phase].includes(current)) {
    if (isEarly(stored, rule)) await moveEntry(table, stored);
    return undefined;
  }
  const ok = await setPhase(table, stored, phase);
  const dueAt = phase === 'closed' ? expiresAt : expiresAt - rule.closingLeadSeconds;
  return ok ? { phase, lagSeconds: Math.max(0, rule.now.getTime() / 1000 - dueAt) } : undefined;
};

/** A session that cannot be parsed does not delay the others. */
const toStored = (item: Item, keys: readonly ItemKey[], rule: PhaseRule): readonly StoredSession[] => {
  const { data: session } = SessionRow.safeParse(item);
  if (session === undefined) rule.onUnreadable?.();
  const key = keys.find(({ pk }) => pk === item['pk']);
  const name = key === undefined ? undefined : nameOfItem(key);
  if (key === undefined || session === undefined || 'movedTo' in session || name?.kind !== 'session') return [];
  const { channel, customer } = name;
  const atEnd = { kind: 'session', channel, customer, dueAt: session.expiresAt } as const;
  return [{ key, session, dueAt: dueAtOf(item), atEnd }];
};

const setSome = async (table: Table, keys: readonly ItemKey[], rule: PhaseRule): Promise<readonly PhaseSet[]> => {
  const stored = (await readBatch(table, keys, false)).flatMap((item) => toStored(item, keys, rule));
  const set = await pMap(stored, (one) => setNext(table, one, rule), { concurrency: CONCURRENCY });
  return set.filter((one) => one !== undefined);
};

/** Sets the phase of sessions, open, closing, closed, as time passes; the stream publishes it. */
export const createPhaseStore = (table: Table) => ({
  /**
   * Sets the phase of sessions that have reached the next one, and moves early entries of the due index to the sessions'
   * ends: one read for 100, one conditional write for each.
   */
  setPhases: async (keys: readonly ItemKey[], rule: PhaseRule): Promise<readonly PhaseSet[]> => {
    const set: PhaseSet[] = [];
    for (const some of chunk(keys, MAX_KEYS)) set.push(...(await setSome(table, some, rule)));
    return set;
  },
});
