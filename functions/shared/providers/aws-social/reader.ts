import * as z from 'zod';
import type { AwsSocialAccount } from '../../domain/aws-social-account.ts';
import type { Channel } from '../../domain/config.ts';
import { type Channels, toEntryItems } from '../meta/notification.ts';
import type { EventRead, EventReader, WebhookItem } from '../provider.ts';
import { malformed } from '../webhook-items.ts';
import { type Envelope, idOfArn, readEntries, readEnvelope } from './envelope.ts';

export interface AwsSocialReaderDeps {
  readonly accounts: readonly AwsSocialAccount[];
  readonly channels: readonly Channel[];
}

const Identified = z.object({ id: z.string() });

const metaWabaIdOf = (entry: unknown): string | undefined => Identified.safeParse(entry).data?.id;

/**
 * Nothing of an event is signed: the policy of the topic says who publishes, and both ids of the business account must be
 * those of one account of ours. An event that lacks one of them is placed by the other.
 */
const accountOf = (
  { accounts }: AwsSocialReaderDeps,
  { context }: Envelope,
  entries: readonly unknown[],
): AwsSocialAccount | undefined => {
  const awsIds = context.MetaWabaIds.map(({ arn }) => idOfArn(arn));
  const metaIds = entries.map(metaWabaIdOf).filter((id) => id !== undefined);
  if (awsIds.length === 0 && metaIds.length === 0) return undefined;
  const isOwn = ({ wabaId, metaWabaId }: AwsSocialAccount) =>
    (awsIds.length === 0 || awsIds.includes(wabaId)) && metaIds.every((id) => id === metaWabaId);
  return accounts.find(isOwn);
};

/** The account's channels by Meta's id of the number: from the configuration, else from the pairs in the envelope. */
const channelsOf = ({ channels }: AwsSocialReaderDeps, account: AwsSocialAccount, { context }: Envelope): Channels => {
  const own = channels.filter((channel) => channel.account === account.id);
  const named = context.MetaPhoneNumberIds.flatMap(({ metaPhoneNumberId, arn }) => {
    const channel = own.find(({ phoneNumberId }) => phoneNumberId === idOfArn(arn));
    return channel === undefined || channel.metaPhoneNumberId !== undefined
      ? []
      : [[metaPhoneNumberId, channel] as const];
  });
  const configured = own.flatMap((channel) =>
    channel.metaPhoneNumberId === undefined ? [] : [[channel.metaPhoneNumberId, channel] as const],
  );
  return new Map([...named, ...configured]);
};

/** The envelope of a status may name the send by the id with which AWS answered it. */
const withAnsweredId = (item: WebhookItem, answeredId: string | undefined): WebhookItem =>
  item.kind === 'status' ? { ...item, report: { ...item.report, answeredId } } : item;

const toItems = (
  deps: AwsSocialReaderDeps,
  account: AwsSocialAccount,
  { envelope, entries }: { readonly envelope: Envelope; readonly entries: readonly unknown[] | undefined },
): readonly WebhookItem[] => {
  if (entries === undefined)
    return [malformed('whatsAppWebhookEntry', { raw: envelope.whatsAppWebhookEntry ?? 'no entry' })];
  const owner = { channels: channelsOf(deps, account, envelope), wabaId: account.metaWabaId };
  return entries.flatMap((entry) => toEntryItems(entry, owner)).map((item) => withAnsweredId(item, envelope.messageId));
};

/** Reads the events of every account of AWS End User Messaging Social: Meta's webhooks in an envelope of AWS. */
export const createAwsSocialReader = (deps: AwsSocialReaderDeps): EventReader => ({
  parse: (body): EventRead => {
    const envelope = readEnvelope(body);
    if (envelope === undefined) return { kind: 'unreadable' };
    const entries = readEntries(envelope);
    const account = accountOf(deps, envelope, entries ?? []);
    return account === undefined
      ? { kind: 'foreign' }
      : { kind: 'read', account, items: toItems(deps, account, { envelope, entries }) };
  },
});
