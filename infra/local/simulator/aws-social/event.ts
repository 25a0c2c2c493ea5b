import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Channel } from '../../../../functions/shared/domain/config.ts';
import { fileObject } from '../meta/files.ts';
import { readWebhook as readMetaWebhook } from '../meta/read-webhook.ts';
import { type EntrySource, inboundEntry, statusEntry } from '../meta/webhook.ts';
import type { Vendor, WebhookSource } from '../vendor.ts';
import type { SignedWebhook } from '../webhook.ts';

type Source = WebhookSource<'aws-social'>;

/** The local path, under `/_local`, of the queue to which the topic delivers. */
export const QUEUE_PATH = 'aws-social/queue';

const AWS_ACCOUNT = '123456789012';

/** `phone-number-id-0123` as the end of an ARN: `phone-number-id/0123`. */
const arnOf = (id: string): string =>
  `arn:aws:social-messaging:eu-central-1:${AWS_ACCOUNT}:${id.replace(/-(?=[^-]*$)/, '/')}`;

/** The number as Meta names it. */
const ofMeta = (channel: Channel): Channel => ({ ...channel, phoneNumberId: channel.metaPhoneNumberId });

const sourceOf = ({ account, channel, now }: Source): EntrySource => ({
  channel: ofMeta(channel),
  now,
  wabaId: account.metaWabaId,
});

/** Events have no signature: the topic alone may put them into the queue. */
export const sign: Vendor<'aws-social'>['sign'] = (_, body) => ({
  path: `/_local/${QUEUE_PATH}`,
  headers: { 'content-type': 'application/json' },
  body,
});

interface TopicEvent {
  readonly entry: object;
  readonly messageId: string;
}

/** An event as SNS delivers it to a queue; nothing in it is signed by Meta. */
const publish = ({ account, channel, now }: Source, { entry, messageId }: TopicEvent): SignedWebhook => {
  const { wabaId, metaWabaId } = account;
  const { phoneNumberId = '', metaPhoneNumberId } = channel;
  const message = {
    context: {
      MetaWabaIds: [{ wabaId: metaWabaId, arn: arnOf(wabaId) }],
      MetaPhoneNumberIds: [{ metaPhoneNumberId, arn: arnOf(phoneNumberId) }],
    },
    whatsAppWebhookEntry: JSON.stringify(entry),
    aws_account_id: AWS_ACCOUNT,
    message_timestamp: now.toISOString(),
    messageId,
  };
  const notification = {
    Type: 'Notification',
    MessageId: randomUUID(),
    TopicArn: account.eventTopicArn ?? `arn:aws:sns:eu-central-1:${AWS_ACCOUNT}:whatsapp`,
    Message: JSON.stringify(message),
    Timestamp: now.toISOString(),
  };
  return sign({ account, now }, Buffer.from(JSON.stringify(notification)));
};

export const inboundWebhook: Vendor<'aws-social'>['inboundWebhook'] = (source, request) => {
  const made = inboundEntry(sourceOf(source), request);
  if (!made.ok) return made;
  const { messageId, shown, entry } = made.value;
  return { ok: true, value: { messageId, shown, webhook: publish(source, { entry, messageId: randomUUID() }) } };
};

export const statusWebhook: Vendor<'aws-social'>['statusWebhook'] = (source, message, report) => {
  const entry = statusEntry(sourceOf(source), message, report);
  return { ok: true, value: publish(source, { entry, messageId: message.answeredId ?? randomUUID() }) };
};

const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('is no JSON');
    return z.NEVER;
  }
});

const Notification = z.object({ Message: jsonText.pipe(z.object({ whatsAppWebhookEntry: jsonText })) });

export const readWebhook: Vendor<'aws-social'>['readWebhook'] = (notification, channels) => {
  const { data } = Notification.safeParse(notification);
  return data === undefined
    ? []
    : readMetaWebhook({ entry: [data.Message.whatsAppWebhookEntry] }, channels.map(ofMeta));
};

/** A customer's file in an event: unlike Meta's own webhooks it has no link. */
export const fileMessage: Vendor<'aws-social'>['fileMessage'] = (_, file, sent) => ({
  type: sent.type,
  [sent.type]: fileObject(file, sent),
});
