import * as z from 'zod';
import type { CustomerKey, Identities } from '../../domain/customer.ts';
import type { Pricing } from '../../domain/pricing.ts';
import { recipientLink } from '../../domain/recipient-link.ts';
import { slotTakenAt } from '../../domain/send-decision.ts';
import type { ReportedStatus } from '../../domain/status.ts';
import { epochSeconds } from '../../domain/window.ts';
import { type LinkOutcome, linkNames } from '../customer/link-names.ts';
import { releaseSlot, restoreSlot, type SlotHolder } from '../customer/reengagement-slot.ts';
import type { Table } from '../dynamo/client.ts';
import { OutboundItem } from '../items.ts';
import { type ItemKey, messageKey, messageNameOf } from '../keys.ts';
import { recordProviderClosed } from '../session/record-provider-closed.ts';
import { findByPointer, pointTo } from './message-pointer.ts';
import { parseReference } from './message-reference.ts';
import {
  recordLatePrice,
  recordReportedId,
  type StatusError,
  type StatusUpdate,
  updateStatus,
} from './update-status.ts';

export interface RecordStatus {
  readonly channel: string;
  /** The text that the provider carried with the message; absent on messages of other senders from the same number. */
  readonly reference?: string | undefined;
  /** True where the provider's statuses may come without our reference: the provider's id is looked up then. */
  readonly findByProviderId?: boolean | undefined;
  readonly to: ReportedStatus;
  /** To whom it went, as the provider names them. */
  readonly recipient?: Identities | undefined;
  /** Called with the outcome of each link of names that the status brings. */
  readonly onLink?: ((outcome: LinkOutcome) => void) | undefined;
  readonly atMs: number;
  readonly providerMessageId: string;
  /** The id with which the provider answered the send, where its statuses have another one. */
  readonly answeredId?: string | undefined;
  readonly error?: StatusError | undefined;
  readonly pricing?: Pricing | undefined;
}

export type StatusRecorded =
  | { readonly kind: 'unknown_message' }
  | {
      readonly kind: 'updated' | 'not_forward';
      readonly messageId: string;
      readonly key: ItemKey;
      readonly customer: CustomerKey;
      readonly windowClosed: boolean;
    };

/** The record that a status is about: by our reference, without a read, or by the provider's id. */
const findRecord = async (table: Table, report: RecordStatus): Promise<ItemKey | undefined> => {
  const { channel, reference, providerMessageId, answeredId = providerMessageId, findByProviderId = false } = report;
  const name = reference === undefined ? undefined : parseReference(reference);
  if (name !== undefined) return messageKey({ channel, ...name });
  return findByProviderId ? findByPointer(table, { channel, providerMessageId: answeredId }) : undefined;
};

/** It was recorded as failed, by the provider or an operator, and reached the customer: its slot was released in error (R12, R13). */
const isSentAfterAll = ({ status, statuses, decision }: OutboundItem): boolean =>
  decision.usesReengagement && status !== 'failed' && statuses.some((entry) => entry.status === 'failed');

const WithTtl = z.object({ expiresAt: z.int() });

/** Only the provider's report names a message whose send had no answer: the next one may come without our reference. */
const pointFromProvider = async (
  table: Table,
  status: RecordStatus,
  { key, item }: { readonly key: ItemKey; readonly item: unknown },
): Promise<void> => {
  const { channel, providerMessageId, answeredId = providerMessageId, findByProviderId = false } = status;
  const { id: messageId, pointedFrom } = OutboundItem.parse(item);
  if (!findByProviderId || pointedFrom !== undefined) return;
  const { expiresAt } = WithTtl.parse(item);
  await pointTo(table, { channel, providerMessageId: answeredId }, { key, messageId, expiresAt });
};

/** Whether the message has but the id with which the provider answered the send, and this status the one that customers' answers name. */
const bringsId = (
  { providerMessageId: known, pointedFrom }: OutboundItem,
  { providerMessageId }: RecordStatus,
): boolean => known !== undefined && known === pointedFrom && known !== providerMessageId;

interface Failure {
  readonly holder: SlotHolder;
  readonly message: OutboundItem;
  readonly error: StatusError | undefined;
  readonly atMs: number;
}

/** Releases the slot of a failed message, and closes the window where the provider refused it as closed; true for that. */
const recordFailure = async (table: Table, failure: Failure): Promise<boolean> => {
  const { holder, message, error, atMs } = failure;
  const { channel, customer } = holder;
  const { decision } = message;
  if (decision.usesReengagement) await releaseSlot(table, holder);
  const decidedOn = error?.class === 'window_closed' ? decision.lastInboundAt : undefined;
  return decidedOn !== undefined && recordProviderClosed(table, { channel, customer, decidedOn, atMs });
};

interface Addressed {
  readonly key: ItemKey;
  readonly customer: CustomerKey;
  /** All names that were known when it was sent. */
  readonly names: readonly CustomerKey[] | undefined;
}

/** Links the customer of a message to the names by which the provider knows its recipient; without a request where they are known. */
const linkRecipient = async (table: Table, status: RecordStatus, message: Addressed): Promise<void> => {
  const { channel, recipient, atMs, onLink } = status;
  const { key, customer, names = [customer] } = message;
  const link = recipientLink({ channel, customer, names }, recipient);
  if (link === undefined) return;
  const now = new Date(atMs);
  const report = { ...link, at: epochSeconds(now), learnedFrom: 'status' } as const;
  const linked = await linkNames(table, { link: report, now, message: key });
  if (linked.kind !== 'known') onLink?.(linked);
};

/** Records what the provider reports on messages: status (R13), price and a closed window, on existing records alone. */
export const createStatusStore = (table: Table) => ({
  /**
   * Records a status in one write, after two reads where only the provider's id leads to its message; in one more where
   * it releases a slot or closes a window, also when it is delivered again, or brings a name that is not known, or where it
   * is too late to update the message and the first with a price, or the first to name a message by the provider's id.
   */
  recordStatus: async (status: RecordStatus): Promise<StatusRecorded> => {
    const key = await findRecord(table, status);
    if (key === undefined) return { kind: 'unknown_message' };
    const {
      channel,
      reference: _,
      findByProviderId: __,
      recipient: ___,
      onLink: ____,
      answeredId: _____,
      ...report
    } = status;
    const update: StatusUpdate = { ...report, by: 'provider' };
    const updated = await updateStatus(table, key, update);
    if (updated.item === undefined) return { kind: 'unknown_message' };
    const message = OutboundItem.parse(updated.item);
    await pointFromProvider(table, status, { key, item: updated.item });
    if (bringsId(message, status)) await recordReportedId(table, key, status.providerMessageId);
    if (message.pricing === undefined) await recordLatePrice(table, key, update);
    const { customer } = messageNameOf(key);
    await linkRecipient(table, status, { key, customer, names: message.names });
    const failed = report.to === 'failed' && message.status === 'failed';
    const holder = { channel, customer, key, messageId: message.id };
    if (isSentAfterAll(message)) {
      const { lastOpenedAt, at } = message.decision;
      await restoreSlot(table, holder, slotTakenAt(lastOpenedAt, new Date(at)));
    }
    const { error, atMs } = report;
    const windowClosed = failed && (await recordFailure(table, { holder, message, error, atMs }));
    return { kind: updated.ok ? 'updated' : 'not_forward', messageId: message.id, key, customer, windowClosed };
  },
});
