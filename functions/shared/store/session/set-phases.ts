import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { type Phase, phaseAt } from '../../domain/window.ts';
import { chunk, MAX_KEYS, readBatch } from '../dynamo/batch-read.ts';
import type { Table } from '../dynamo/client.ts';
import { writeConditionally } from '../dynamo/conditional-write.ts';
import { type SessionItem, SessionRow } from '../items.ts';
import type { ItemKey } from '../keys.ts';

/** Sessions written at once. */
const CONCURRENCY = 32;

export interface PhaseRule {
  readonly closingLeadSeconds: number;
  readonly now: Date;
}

/** A session that was moved on. */
export interface PhaseSet {
  readonly phase: Phase;
  /** Since the moment at which it should have been. */
  readonly lagSeconds: number;
}

interface Found {
  readonly key: ItemKey;
  readonly session: SessionItem;
}

const FOLLOWS: Readonly<Record<Phase, readonly Phase[]>> = {
  open: [],
  closing: ['open'],
  closed: ['open', 'closing'],
};

/** What has closed leaves the index of what can close; the customer's next session enters it anew. */
const updateTo = (phase: Phase): string => `SET phase = :phase${phase === 'closed' ? ' REMOVE dueBucket' : ''}`;

/** Writes nothing when a message of the customer, or another sweep, was faster. */
const setPhase = ({ documents, tableName }: Table, { key, session }: Found, phase: Phase) =>
  writeConditionally(() =>
    documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { ...key },
        UpdateExpression: updateTo(phase),
        ConditionExpression: 'sessionId = :seenId AND expiresAt = :seenEnd AND phase = :seenPhase',
        ExpressionAttributeValues: {
          ':phase': phase,
          ':seenId': session.sessionId,
          ':seenEnd': session.expiresAt,
          ':seenPhase': session.phase,
        },
      }),
    ),
  );

const moveOn = async (table: Table, found: Found, rule: PhaseRule): Promise<PhaseSet | undefined> => {
  const { expiresAt, phase: seen } = found.session;
  const phase = phaseAt(expiresAt, rule.closingLeadSeconds, rule.now);
  if (!FOLLOWS[phase].includes(seen)) return undefined;
  const { ok } = await setPhase(table, found, phase);
  const dueAt = phase === 'closed' ? expiresAt : expiresAt - rule.closingLeadSeconds;
  return ok ? { phase, lagSeconds: Math.max(0, rule.now.getTime() / 1000 - dueAt) } : undefined;
};

/** What cannot be read holds up nobody else; the stream has told of it when it was written. */
const toFound = (item: Readonly<Record<string, unknown>>, keys: readonly ItemKey[]): readonly Found[] => {
  const { data: session } = SessionRow.safeParse(item);
  const key = keys.find(({ pk }) => pk === item['pk']);
  return session === undefined || 'movedTo' in session || key === undefined ? [] : [{ key, session }];
};

const setSome = async (table: Table, keys: readonly ItemKey[], rule: PhaseRule): Promise<readonly PhaseSet[]> => {
  const found = (await readBatch(table, keys, false)).flatMap((item) => toFound(item, keys));
  const set = await pMap(found, (session) => moveOn(table, session, rule), { concurrency: CONCURRENCY });
  return set.filter((one) => one !== undefined);
};

/** Moves sessions from open to closing and closed as time goes by; the stream tells others of it. */
export const createPhaseStore = (table: Table) => ({
  /** Sets the phase of those that have reached the next one: one read for all, one conditional write for each. */
  setPhases: async (keys: readonly ItemKey[], rule: PhaseRule): Promise<readonly PhaseSet[]> => {
    const set: PhaseSet[] = [];
    for (const some of chunk(keys, MAX_KEYS)) set.push(...(await setSome(table, some, rule)));
    return set;
  },
});
