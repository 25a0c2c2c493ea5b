import * as z from 'zod';
import { CustomerItem, MessageItem, SendItem, SessionRow } from '../../functions/shared/store/items.ts';
import type { MessageName } from '../../functions/shared/store/keys.ts';
import { nameOfItem } from '../../functions/shared/store/keys.ts';
import type { Request } from './dynamo/memory-client.ts';
import { rowsOf } from './invariants.ts';
import type { World } from './world.ts';

const DAY = 86_400;
const MOST_SKEW_MS = 300_000;

type Row = ReturnType<typeof rowsOf>[number];

const rowAt = (rows: readonly Row[], pk: string, sk: string): Row | undefined =>
  rows.find((row) => row.pk === pk && row.sk === sk);

/** The partition that holds the state of a name. */
const canonicalOf = (rows: readonly Row[], pk: string): string => {
  const movedTo = rowAt(rows, pk, 'CUSTOMER')?.['movedTo'];
  return typeof movedTo === 'string' ? `${pk.split('#').slice(0, 2).join('#')}#${movedTo}` : pk;
};

const sessionAt = (rows: readonly Row[], pk: string) => {
  const session = SessionRow.optional().parse(rowAt(rows, pk, 'SESSION'));
  return session === undefined || 'movedTo' in session ? undefined : session;
};

/** A number of theirs was, or is by now, another's: messages stay where they came, whose ever they are. */
const hadOtherOwners = ({ names = [] }: CustomerItem): boolean =>
  names.some(({ ownedFrom, ownedUntil }) => ownedFrom !== undefined || ownedUntil !== undefined);

/** The window ends 24 hours after the newest message that counts, under whichever name it came (R1, R2). */
const windowFaults = (rows: readonly Row[], row: Row): readonly string[] => {
  const customer = CustomerItem.parse(row);
  if (customer.movedTo !== undefined || hadOtherOwners(customer)) return [];
  const session = sessionAt(rows, row.pk);
  const known = [session?.lastInboundAt, customer.lastOpenedAt, customer.lastInboundAt].filter(
    (at) => at !== undefined,
  );
  const counted = rows.flatMap((other) => {
    if (nameOfItem(other)?.kind !== 'message' || canonicalOf(rows, other.pk) !== row.pk) return [];
    const message = MessageItem.parse(other);
    return message.direction === 'inbound' ? [message.countedAt ?? Math.floor(message.at / 1000)] : [];
  });
  const [state, messages] = [Math.max(0, ...known), Math.max(0, ...counted)];
  const { slotUsedAt = 0, slotHolders, lastOpenedAt = -1 } = customer;
  const isUsed = slotHolders.size > 0 && slotUsedAt > lastOpenedAt;
  return [
    ...(state === messages ? [] : [`R1: the newest message is of ${messages}, and the state says ${state}`]),
    ...(isUsed && messages > slotUsedAt ? ['R8: the slot is used, and the customer has written since'] : []),
  ];
};

/** What the messages that are stored say of each customer. */
export const checkPeople = (world: World): readonly string[] => {
  const rows = rowsOf(world);
  return rows.flatMap((row) => (nameOfItem(row)?.kind === 'customer' ? windowFaults(rows, row) : []));
};

/** A slot that is used after the message of a live session is marked there, and only so long: the next message frees it (R8). */
const markFaults = (rows: readonly Row[], row: Row): readonly string[] => {
  const { movedTo, slotUsedAt = 0, slotHolders, lastOpenedAt = -1 } = CustomerItem.parse(row);
  const session = sessionAt(rows, row.pk);
  if (movedTo !== undefined || session === undefined || session.phase === 'closed') return [];
  const isUsed = slotHolders.size > 0 && slotUsedAt > lastOpenedAt;
  const { slotUsedAt: mark, lastInboundAt } = session;
  return [
    ...(isUsed && mark === undefined ? ['R8: the slot is used, and the next message will not free it'] : []),
    ...(mark !== undefined && mark <= lastInboundAt ? ['R8: a message freed the slot, and its session is marked'] : []),
  ];
};

/** No message counts later than the most that a provider's clock may be ahead (R3). */
const skewFaults = (world: World, rows: readonly Row[], row: Row): readonly string[] => {
  const { lastOpenedAt = 0 } = CustomerItem.parse(row);
  const newest = Math.max(lastOpenedAt, sessionAt(rows, row.pk)?.lastInboundAt ?? 0);
  return newest * 1000 > world.now().getTime() + MOST_SKEW_MS ? ['R3: a message counts in the future'] : [];
};

/** What the record of each customer and their session say of each other, between any two steps. */
export const checkRecords = (world: World): readonly string[] => {
  const rows = rowsOf(world);
  const customers = rows.filter((row) => nameOfItem(row)?.kind === 'customer');
  return customers.flatMap((row) => [...markFaults(rows, row), ...skewFaults(world, rows, row)]);
};

/** When the last session of each customer opened. */
export const lastOpenings = (world: World): ReadonlyMap<string, number> =>
  new Map(
    rowsOf(world).flatMap(({ pk, lastOpenedAt }): readonly (readonly [string, number])[] =>
      typeof lastOpenedAt === 'number' ? [[pk, lastOpenedAt]] : [],
    ),
  );

/** It is a maximum, whatever comes late (R8). */
export const checkMaximum = (before: ReadonlyMap<string, number>, world: World): readonly string[] =>
  [...lastOpenings(world)].flatMap(([pk, at]) =>
    at < (before.get(pk) ?? 0) ? ['R8: a late message lowered the time of the last opening'] : [],
  );

/** A session message reaches the provider inside the window alone (R7). */
export const checkSend = (world: World, name: Omit<MessageName, 'channel'> | undefined): readonly string[] => {
  const rows = rowsOf(world);
  const row = rows.find(({ id, direction }) => direction === 'outbound' && id === name?.id);
  if (row === undefined || row['sentAs'] !== 'session') return [];
  const session = sessionAt(rows, canonicalOf(rows, row.pk));
  const isOpen = session !== undefined && world.now().getTime() < (session.lastInboundAt + DAY) * 1000;
  return isOpen ? [] : ['R7: a session message reached the provider outside the window'];
};

interface Put {
  readonly Put?: { readonly Item?: Readonly<Record<string, unknown>> };
}

const Decided = z.object({
  sentAs: z.string(),
  decision: z.object({ template: z.object({ category: z.string() }).optional() }),
});

/** No claim is written while an opt-out is in force, but for an answer to a later message (R9). */
export const checkClaim = (world: World, { name, input }: Request): readonly string[] => {
  if (name !== 'TransactWriteItems') return [];
  const items = (input['TransactItems'] as readonly Put[]).map((operation) => operation.Put?.Item);
  const claim = SendItem.safeParse(items.find((item) => item?.['sk'] === 'SEND')).data;
  const record = items.find((item) => item?.['direction'] === 'outbound');
  if (claim === undefined || 'erased' in claim || record === undefined) return [];
  const { sentAs, decision } = Decided.parse(record);
  const rows = rowsOf(world);
  const pk = canonicalOf(rows, claim.messagePk);
  const { consent, marketing } = CustomerItem.parse(rowAt(rows, pk, 'CUSTOMER') ?? {});
  const session = sessionAt(rows, pk);
  const isOffer = decision.template?.category === 'MARKETING';
  if (isOffer && marketing?.state === 'opted_out' && marketing.effectiveAt > (consent?.effectiveAt ?? 0))
    return ['R9: an offer was claimed after an opt-out of marketing'];
  if (consent?.state !== 'opted_out') return [];
  const mayAnswer = sentAs === 'session' && session !== undefined && session.lastInboundAt > consent.effectiveAt;
  return mayAnswer ? [] : ['R9: a send was claimed after an opt-out'];
};
