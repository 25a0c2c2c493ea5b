import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { CustomerKey } from '../../domain/customer.ts';
import type { Pricing } from '../../domain/pricing.ts';
import type { ReportedStatus } from '../../domain/status.ts';
import { releaseSlot, restoreSlot } from '../customer/reengagement-slot.ts';
import type { Table } from '../dynamo/client.ts';
import { writeConditionally } from '../dynamo/conditional-write.ts';
import { OutboundItem } from '../items.ts';
import { messageKey, parseReference, sessionKey } from '../keys.ts';
import { keepLatePrice, type StatusError, type StatusUpdate, updateStatus } from './update-status.ts';

export interface RecordStatus {
  readonly channel: string;
  /** What travelled with the message; absent on messages that others sent from the same number. */
  readonly reference: string | undefined;
  readonly to: ReportedStatus;
  readonly atMs: number;
  readonly providerMessageId: string;
  readonly error?: StatusError | undefined;
  readonly pricing?: Pricing | undefined;
}

export type StatusRecorded =
  | { readonly kind: 'unknown_message' }
  | {
      readonly kind: 'moved' | 'not_forward';
      readonly messageId: string;
      readonly customer: CustomerKey;
      readonly windowClosed: boolean;
    };

/** What the provider refused as too late. */
interface ProviderClosed {
  readonly channel: string;
  readonly customer: CustomerKey;
  /** The `lastInboundAt` that the refused send was decided on. */
  readonly decidedOn: number;
  /** Epoch milliseconds at which the provider said so. */
  readonly atMs: number;
}

/**
 * Takes the provider's word that the window is closed, unless the customer has written since (R10). What has closed leaves
 * the index of what can close; the customer's next session enters it anew.
 */
const closeByProvider = async (
  { documents, tableName }: Table,
  { channel, customer, decidedOn, atMs }: ProviderClosed,
): Promise<boolean> => {
  const closed = await writeConditionally(() =>
    documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: sessionKey(channel, customer),
        UpdateExpression:
          'SET providerClosedFor = lastInboundAt, phase = :closed, closedAt = if_not_exists(closedAt, :at) REMOVE dueBucket',
        ConditionExpression: 'lastInboundAt = :decidedOn',
        ExpressionAttributeValues: { ':decidedOn': decidedOn, ':closed': 'closed', ':at': Math.floor(atMs / 1000) },
      }),
    ),
  );
  return closed.ok;
};

/** A person said that it was not sent, and the provider says otherwise: the slot was given back wrongly (R12). */
const isSentAfterAll = ({ status, statuses, decision }: OutboundItem): boolean =>
  decision.usesReengagement &&
  status !== 'failed' &&
  statuses.some((entry) => entry.by === 'operator' && entry.status === 'failed');

interface Failure {
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly message: OutboundItem;
  readonly error: StatusError | undefined;
  readonly atMs: number;
}

/** What a failed message leaves: a free slot, or a window that the provider holds for closed; true for the latter. */
const takeFailure = async (table: Table, { channel, customer, message, error, atMs }: Failure): Promise<boolean> => {
  const { decision, id } = message;
  if (decision.usesReengagement) await releaseSlot(table, { channel, customer, messageId: id });
  const decidedOn = error?.class === 'window_closed' ? decision.lastInboundAt : undefined;
  return decidedOn !== undefined && closeByProvider(table, { channel, customer, decidedOn, atMs });
};

/** Moves messages forward as the provider reports (R13), and keeps what it says of their price: on existing records alone. */
export const createStatusStore = (table: Table) => ({
  /** Holds the window for closed until the customer writes again; false when the customer has (R10). */
  closeWindow: (closed: ProviderClosed): Promise<boolean> => closeByProvider(table, closed),

  /**
   * One write; one more where the report frees a slot or closes a window, also when it is delivered again, or where it
   * is too late to move the message and the first to tell its price.
   */
  recordStatus: async ({ channel, reference, ...move }: RecordStatus): Promise<StatusRecorded> => {
    const name = reference === undefined ? undefined : parseReference(reference);
    if (name === undefined) return { kind: 'unknown_message' };
    const key = messageKey({ channel, ...name });
    const told: StatusUpdate = { ...move, by: 'provider' };
    const moved = await updateStatus(table, key, told);
    const item = moved.ok ? moved.output.Attributes : moved.item;
    if (item === undefined) return { kind: 'unknown_message' };
    const message = OutboundItem.parse(item);
    if (message.pricing === undefined) await keepLatePrice(table, key, told);
    const { customer } = name;
    const failed = move.to === 'failed' && message.status === 'failed';
    if (isSentAfterAll(message)) await restoreSlot(table, { channel, customer, messageId: message.id });
    const { error, atMs } = move;
    const windowClosed = failed && (await takeFailure(table, { channel, customer, message, error, atMs }));
    return { kind: moved.ok ? 'moved' : 'not_forward', messageId: message.id, customer, windowClosed };
  },
});
