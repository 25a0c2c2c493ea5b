import { mergedOwner } from '../../domain/owner.ts';
import type { CustomerItem, SessionItem } from '../items.ts';
import { mergeConsents } from './merge-consents.ts';

/** Session and record of one partition. */
export interface PartitionState {
  readonly session: SessionItem | undefined;
  readonly record: CustomerItem;
}

export const maxOf = (times: readonly (number | undefined)[]): number | undefined => {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
};

/** A message that extended a session in the steady state raised no `lastOpenedAt`, and frees a slot used before it (R8). */
const lastOpenedIn = (states: readonly PartitionState[]): number | undefined =>
  maxOf(states.flatMap(({ session, record }) => [record.lastOpenedAt, session?.lastInboundAt]));

/**
 * The holders of every side whose slot no message of the customer has freed since, under whichever name; without holders
 * too, since a message that failed may be proven delivered.
 */
const mergeSlots = (records: readonly CustomerItem[], lastOpenedAt: number | undefined) => {
  const used = records.filter(({ slotUsedAt }) => slotUsedAt !== undefined && slotUsedAt > (lastOpenedAt ?? -1));
  const holders = new Set(used.flatMap(({ slotHolders }) => [...slotHolders]));
  return { slotUsedAt: maxOf(used.map(({ slotUsedAt }) => slotUsedAt)), slotHolders: holders };
};

/** The provider's word on a second wins over a session that is open for the same second (R10). */
const isClosedByProvider = ({ providerClosedFor, lastInboundAt }: SessionItem): boolean =>
  providerClosedFor === lastInboundAt;

/** The later window survives; of two with the same end that which the provider closed, then that which was opened first. */
const isBetter = (one: SessionItem, other: SessionItem): boolean => {
  if (one.lastInboundAt !== other.lastInboundAt) return one.lastInboundAt > other.lastInboundAt;
  if (isClosedByProvider(one) !== isClosedByProvider(other)) return isClosedByProvider(one);
  return one.openedAt === other.openedAt ? one.sessionId < other.sessionId : one.openedAt < other.openedAt;
};

const survivingSession = (states: readonly PartitionState[]): SessionItem | undefined =>
  states.reduce<SessionItem | undefined>(
    (kept, { session }) => (session !== undefined && (kept === undefined || isBetter(session, kept)) ? session : kept),
    undefined,
  );

const absorbedBy = (survivor: SessionItem, states: readonly PartitionState[]): SessionItem['absorbed'] => {
  const sessions = states.flatMap(({ session }) => session ?? []);
  const absorbed = new Set(sessions.flatMap(({ sessionId, absorbed: before = [] }) => [sessionId, ...before]));
  absorbed.delete(survivor.sessionId);
  return absorbed.size === 0 ? undefined : absorbed;
};

const lastEntryPoint = (states: readonly PartitionState[]): SessionItem['entryPoint'] =>
  states.flatMap(({ session }) => session?.entryPoint ?? []).toSorted((one, other) => other.at - one.at)[0];

const earliestProfile = (records: readonly CustomerItem[]): CustomerItem['profile'] =>
  records.flatMap(({ profile }) => profile ?? []).toSorted((one, other) => one.at - other.at)[0];

/** A record of a release that did not store when it was created is as old as its last opening. */
const createdAt = ({ knownSince, lastOpenedAt }: CustomerItem): number | undefined => knownSince ?? lastOpenedAt;

/** The mark stays with a number too: the message that brought its new owner may have been the one from the future (R3). */
const skewedUntilOf = (states: readonly PartitionState[]): number | undefined =>
  maxOf(states.flatMap(({ session, record }) => [record.skewedUntil, session?.skewedUntil]));

export interface MergedState {
  readonly session: SessionItem | undefined;
  readonly record: CustomerItem;
}

/** One person's state from those of several partitions; the same in any order (R2). */
export const mergeStates = (
  states: readonly PartitionState[],
  previousOwners: readonly PartitionState[] = [],
): MergedState => {
  const records = states.map(({ record }) => record);
  const lastOpenedAt = lastOpenedIn(states);
  const slot = mergeSlots(records, lastOpenedAt);
  const skewedUntil = skewedUntilOf([...states, ...previousOwners]);
  const session = survivingSession(states);
  const lastAnswerAt = maxOf(states.flatMap(({ session }) => session?.lastAnswerAt ?? []));
  const entryPoint = lastEntryPoint(states);
  const known = records.map(createdAt).filter((second) => second !== undefined);
  const consents = mergeConsents(
    records,
    previousOwners.map(({ record }) => record),
  );
  return {
    session: session && {
      ...session,
      absorbed: absorbedBy(session, states),
      slotUsedAt: slot.slotUsedAt,
      skewedUntil,
      entryPoint,
      lastAnswerAt,
    },
    record: {
      ...consents,
      ...slot,
      lastOpenedAt,
      lastInboundAt: maxOf(records.map(({ lastInboundAt }) => lastInboundAt)),
      skewedUntil,
      profile: earliestProfile(records),
      owner: mergedOwner(records.flatMap(({ owner }) => owner ?? [])),
      knownSince: known.length === 0 ? undefined : Math.min(...known),
    },
  };
};
