import { unmarshall } from '@aws-sdk/util-dynamodb';
import { dueAttributes } from '../../functions/shared/store/due/due-entry.ts';
import { CustomerItem, MessageItem, SessionRow } from '../../functions/shared/store/items.ts';
import { nameOfItem } from '../../functions/shared/store/keys.ts';
import { parseReference } from '../../functions/shared/store/message/message-reference.ts';
import { DEPLOYMENT, memberCountKeys, membersRange } from '../../functions/shared/store/usage/usage-keys.ts';
import type { Item } from './dynamo/values.ts';
import { checkEvents } from './event-order.ts';
import { once } from './once.ts';
import type { World } from './world.ts';

const DAY = 86_400;

type Row = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };

const rowOf = once((item: Item) => unmarshall({ ...item }) as unknown as Row);

export const rowsOf = ({ table }: World): readonly Row[] => table.all().map(rowOf);

/** A row that is a message. */
const messageOf = once((row: Row) => (nameOfItem(row)?.kind === 'message' ? MessageItem.parse(row) : undefined));

/** What the rules say of one item, whatever else is stored. */
const checkSession = once((row: Row): readonly string[] => {
  const name = nameOfItem(row);
  if (name?.kind !== 'session') return [];
  const session = SessionRow.parse(row);
  if (session === undefined || 'movedTo' in session) return [];
  const faults: string[] = [];
  const { expiresAt, lastInboundAt, phase, providerClosedFor, carriedAt = 0 } = session;
  if (expiresAt !== lastInboundAt + DAY) faults.push('R1: the window does not end 24 h after the last message');
  const dueAt = Math.max(expiresAt, carriedAt);
  const due = dueAttributes({ kind: 'session', channel: name.channel, customer: name.customer, dueAt });
  const { dueAt: entered, dueShard } = row;
  const isEntered = typeof entered === 'number' && dueShard === due.dueShard;
  const isRight =
    phase === 'open' ? isEntered && entered <= dueAt : entered === (phase === 'closed' ? undefined : dueAt);
  if (!isRight || (phase === 'closed' && dueShard !== undefined))
    faults.push(`a session that is ${phase} is in the due index at ${String(entered)}, ${String(dueShard)}`);
  if (providerClosedFor === lastInboundAt && phase !== 'closed')
    faults.push('R10: the provider closed it, and it is not closed');
  return faults;
});

const RANK = ['accepted', 'in_doubt', 'held', 'sent', 'delivered', 'read', 'played'];

/** Statuses move forward; a failure follows what is not proven, and a proof follows a failure (R13). */
const checkStatuses = once((row: Row): readonly string[] => {
  const message = messageOf(row);
  if (message?.direction !== 'outbound') return [];
  const faults: string[] = [];
  let known = message.statuses[0]?.status ?? 'accepted';
  for (const { status } of message.statuses.slice(1)) {
    const isForward =
      status === 'failed'
        ? RANK.indexOf(known) < RANK.indexOf('delivered') && known !== 'failed'
        : known === 'failed'
          ? RANK.indexOf(status) >= RANK.indexOf('delivered')
          : RANK.indexOf(status) > RANK.indexOf(known);
    if (!isForward) faults.push(`R13: ${status} follows ${known}`);
    known = status;
  }
  if (known !== message.status) faults.push(`R13: the status is ${message.status}, and its last change says ${known}`);
  if (row['dueAt'] !== undefined && known !== 'accepted' && known !== 'in_doubt')
    faults.push('R12: a send with an outcome is in the due index');
  if (row['dueAt'] === undefined && (known === 'accepted' || known === 'in_doubt'))
    faults.push('R12: a send without an outcome has no owner');
  return faults;
});

/** A tombstone holds no state, and leads to the state in one step. */
const checkTombstones = (rows: readonly Row[]): readonly string[] =>
  rows.flatMap((row) => {
    const { movedTo } = row;
    if (typeof movedTo !== 'string') return [];
    const channel = row.pk.split('#')[1];
    const target = rows.find(({ pk, sk }) => pk === `CUSTOMER#${channel}#${movedTo}` && sk === 'CUSTOMER');
    const faults = ['consent', 'sessionId', 'slotHolders', 'lastOpenedAt'].filter((name) => name in row);
    if (target === undefined) return ['a name leads to nothing'];
    if ('movedTo' in target) return ['a name leads to another name'];
    return faults.map((name) => `a tombstone holds ${name}`);
  });

/** A message that failed holds no slot, once its report is answered: a webhook that was not comes again and releases it (R8). */
const checkSlots = (rows: readonly Row[]): readonly string[] => {
  const messages = rows.flatMap((row) => {
    const message = messageOf(row);
    return message?.direction === 'outbound' ? [message] : [];
  });
  return rows.flatMap((row) => {
    if (nameOfItem(row)?.kind !== 'customer') return [];
    const { slotHolders, slotUsedAt } = CustomerItem.parse(row);
    const failed = messages.filter(({ id, status }) => slotHolders.has(id) && status === 'failed');
    if (slotHolders.size > 0 && slotUsedAt === undefined) return ['R8: a slot has holders and was never used'];
    return failed.map(() => 'R8: a failed message holds the slot');
  });
};

/**
 * One template re-engages a customer until they write (R8): two that were claimed for the same end are one too many, unless the
 * provider said of one that it failed, and another took its slot before the proof of the opposite (R13).
 */
const checkReengagements = (rows: readonly Row[]): readonly string[] => {
  const ends = rows.flatMap((row) => {
    const message = messageOf(row);
    if (message?.direction !== 'outbound') return [];
    const wasFailed = message.statuses.some(({ status }) => status === 'failed');
    return message.decision.usesReengagement && !wasFailed ? [`${row.pk} ${message.decision.lastOpenedAt}`] : [];
  });
  return new Set(ends).size === ends.length ? [] : ['R8: two templates re-engaged a customer after one session'];
};

/** Each counter agrees with its members (R14). */
const checkCounters = (rows: readonly Row[], channels: readonly string[]): readonly string[] => {
  const months = new Set(rows.flatMap(({ pk }) => /^USAGE#[^#]+#(\d{4}-\d\d)#/.exec(pk)?.[1] ?? []));
  const scopes = [...channels, DEPLOYMENT].flatMap((channel) => [...months].map((month) => ({ channel, month })));
  return scopes.flatMap(memberCountKeys).flatMap((key) => {
    const { pk, prefix } = membersRange(key);
    const members = rows.filter((row) => row.pk === pk && row.sk.startsWith(prefix)).length;
    const counted = rows.find((row) => row.pk === pk && row.sk === key.sk)?.['members'];
    return Number(counted ?? 0) === members ? [] : [`R14: a counter has ${Number(counted ?? 0)} of ${members} members`];
  });
};

const liveSessions = (rows: readonly Row[]): readonly string[] =>
  rows.flatMap((row) => {
    const session = nameOfItem(row)?.kind === 'session' ? SessionRow.parse(row) : undefined;
    return session !== undefined && 'sessionId' in session && session.phase !== 'closed' ? [session.sessionId] : [];
  });

/** No message of the business reaches the provider twice (R11), also when its customer was erased in between. */
const checkProvider = (world: World): readonly string[] => {
  const ids = world.accepted().map(({ reference }) => parseReference(reference)?.id);
  return new Set(ids).size === ids.length ? [] : ['R11: the provider accepted one message twice'];
};

/** What must hold of every state between two steps. */
export const checkState = (world: World): readonly string[] => {
  const rows = rowsOf(world);
  return [
    ...rows.flatMap(checkSession),
    ...rows.flatMap(checkStatuses),
    ...checkTombstones(rows),
    ...checkReengagements(rows),
    ...checkProvider(world),
  ];
};

/** What must hold once everyone is answered and the stream has drained. */
export const checkDrained = (world: World, channels: readonly string[]): readonly string[] => {
  const rows = rowsOf(world);
  return [
    ...checkState(world),
    ...checkSlots(rows),
    ...checkCounters(rows, channels),
    ...checkEvents(world, liveSessions(rows)),
  ];
};

/** No send is in doubt once the provider has told what became of each that it took; one that it never took stays so (R12). */
export const checkDoubts = (world: World): readonly string[] => {
  const taken = new Set(world.accepted().map(({ reference }) => parseReference(reference)?.id));
  return rowsOf(world).flatMap(({ id, status }) =>
    status === 'in_doubt' && taken.has(String(id)) ? ['R12: a status has not settled a doubt'] : [],
  );
};
