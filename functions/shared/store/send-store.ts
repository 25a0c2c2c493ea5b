import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { CustomerKey } from '../domain/customer.ts';
import type { MessageStatus } from '../domain/status.ts';
import { epochSeconds } from '../domain/window.ts';
import type { Table } from './client.ts';
import { attempt, SHOW_OLD } from './conditional.ts';
import { type DecisionRecord, OutboundItem, type SendItem } from './items.ts';
import { dueBucket, type ItemKey, messageKey, sendKey, toReference } from './keys.ts';
import { moveMessage } from './message-status.ts';

export interface NewSend {
  readonly id: string;
  /** Who claims the id: tells a repeat of our own write from another's claim. */
  readonly claimedBy: string;
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly now: Date;
  /** Longer than the Lambda may run: after it, a record without outcome is in doubt (R11). */
  readonly leaseSeconds: number;
  readonly retentionDays: number;
  readonly sentAs: 'session' | 'template';
  readonly content: unknown;
  readonly replyTo?: string | undefined;
  readonly clientReference?: string | undefined;
  readonly decision: z.infer<typeof DecisionRecord>;
}

/** A message record that stands before the provider is called. */
export interface BegunSend {
  readonly key: ItemKey;
  /** Travels with the message (R12). */
  readonly reference: string;
}

export interface SendResult {
  readonly status: Extract<MessageStatus, 'sent' | 'in_doubt' | 'failed'>;
  readonly now: Date;
  readonly providerMessageId?: string | undefined;
  readonly error?: { readonly code: string; readonly title: string } | undefined;
}

const SendClaimConflict = z.object({ claimedBy: z.string() });

const claim = async ({ documents, tableName }: Table, send: NewSend, key: ItemKey) => {
  const item = {
    claimedBy: send.claimedBy,
    leaseUntil: send.now.getTime() + send.leaseSeconds * 1000,
    messagePk: key.pk,
    messageSk: key.sk,
  } satisfies z.infer<typeof SendItem>;
  const put = await attempt(
    documents.send(
      new PutCommand({
        TableName: tableName,
        Item: { ...sendKey(send.id), ...item, expiresAt: expiryOf(send) },
        ConditionExpression: 'attribute_not_exists(pk)',
        ...SHOW_OLD,
      }),
    ),
  );
  // The SDK repeats a put whose answer was lost: then our own claim stands in the way.
  if (!put.ok && SendClaimConflict.parse(put.item).claimedBy !== send.claimedBy)
    throw new Error(`message id ${send.id} is taken`);
};

const expiryOf = ({ now, retentionDays }: NewSend): number => epochSeconds(now) + retentionDays * 86_400;

const record = ({ documents, tableName }: Table, send: NewSend, key: ItemKey) =>
  documents.send(
    new PutCommand({
      TableName: tableName,
      Item: {
        ...key,
        direction: 'outbound',
        id: send.id,
        at: send.now.getTime(),
        status: 'accepted',
        statuses: [{ status: 'accepted', at: send.now.getTime() }],
        sentAs: send.sentAs,
        content: JSON.stringify(send.content),
        replyTo: send.replyTo,
        clientReference: send.clientReference,
        decision: send.decision,
        dueBucket: dueBucket({
          kind: 'send',
          channel: send.channel,
          customer: send.customer,
          dueAt: epochSeconds(send.now) + send.leaseSeconds,
        }),
        expiresAt: expiryOf(send),
      },
    }),
  );

/** The life of an outbound message: claimed, recorded before the provider call, completed after it. */
export const createSendStore = (table: Table) => ({
  /** Claims the id and writes the record: from here on, no crash loses track of the message. */
  beginSend: async (send: NewSend): Promise<BegunSend> => {
    const name = { channel: send.channel, customer: send.customer, atMs: send.now.getTime(), id: send.id };
    const key = messageKey(name);
    await claim(table, send, key);
    await record(table, send, key);
    return { key, reference: toReference(name) };
  },

  /** Writes the outcome; a status that came first from the provider stays (R13). */
  completeSend: async (key: ItemKey, result: SendResult): Promise<OutboundItem> => {
    const { status: to, now, providerMessageId, error } = result;
    const done = await moveMessage(table, key, { to, atMs: now.getTime(), providerMessageId, error });
    return OutboundItem.parse(done.ok ? done.output.Attributes : done.item);
  },
});
