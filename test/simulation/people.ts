import { CustomerItem, MessageItem, SendItem, SessionRow } from '../../functions/shared/store/items.ts';
import type { MessageName } from '../../functions/shared/store/keys.ts';
import { nameOfItem } from '../../functions/shared/store/keys.ts';
import type { Request } from './dynamo/memory-client.ts';
import { rowsOf } from './invariants.ts';
import type { World } from './world.ts';

const DAY = 86_400;

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

/** The window ends 24 hours after the newest message that counts, under whichever name it came (R1, R2). */
const windowFaults = (rows: readonly Row[], row: Row): readonly string[] => {
  const customer = CustomerItem.parse(row);
  if (customer.movedTo !== undefined) return [];
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

/** No claim is written while an opt-out is in force, but for an answer to a later message (R9). */
export const checkClaim = (world: World, { name, input }: Request): readonly string[] => {
  if (name !== 'TransactWriteItems') return [];
  const items = (input['TransactItems'] as readonly Put[]).map((operation) => operation.Put?.Item);
  const claim = SendItem.safeParse(items.find((item) => item?.['sk'] === 'SEND')).data;
  const record = items.find((item) => item?.['direction'] === 'outbound');
  if (claim === undefined || record === undefined) return [];
  const rows = rowsOf(world);
  const pk = canonicalOf(rows, claim.messagePk);
  const { consent } = CustomerItem.parse(rowAt(rows, pk, 'CUSTOMER') ?? {});
  const session = sessionAt(rows, pk);
  if (consent?.state !== 'opted_out') return [];
  const mayAnswer =
    record['sentAs'] === 'session' && session !== undefined && session.lastInboundAt > consent.effectiveAt;
  return mayAnswer ? [] : ['R9: a send was claimed after an opt-out'];
};
