import { describe, expect, it } from 'vitest';
import type { WebhookItem } from '../../../../functions/shared/providers/provider.ts';
import {
  AWS_NUMBER,
  aNotification,
  anAwsAccount,
  anAwsChannel,
  anAwsReader,
  anEntry,
  anEnvelope,
  META_NUMBER,
} from '../../../support/aws-social.ts';
import { aContact, aMessage, aStatus } from '../../../support/meta.ts';

const HELLO = anEntry({ contacts: [aContact()], messages: [aMessage()] });
const SENT = anEntry({ statuses: [aStatus()] });

const read = (body: string, reader = anAwsReader()) => reader.parse(body);

const itemsOf = (body: string, reader = anAwsReader()): readonly WebhookItem[] => {
  const result = read(body, reader);
  return result.kind === 'read' ? result.items : [];
};

describe('an event of AWS End User Messaging Social', () => {
  it.each([
    { delivery: 'with the envelope of SNS', body: aNotification(anEnvelope(HELLO)) },
    { delivery: 'delivered raw', body: JSON.stringify(anEnvelope(HELLO)) },
  ])('is read $delivery', ({ body }) => {
    expect(read(body)).toMatchObject({
      kind: 'read',
      account: { id: 'shop-aws' },
      items: [{ kind: 'message', message: { channel: 'support', id: 'wamid.FIXTURE1', opens: true } }],
    });
  });

  it('is read without a message id, and without a context', () => {
    expect(itemsOf(aNotification(anEnvelope(HELLO, { messageId: undefined })))).toMatchObject([{ kind: 'message' }]);
    const channel = anAwsChannel({ metaPhoneNumberId: META_NUMBER });
    expect(itemsOf(aNotification(anEnvelope(HELLO, { context: undefined })), anAwsReader([channel]))).toMatchObject([
      { kind: 'message' },
    ]);
  });

  it('finds the channel by its ARN, or by the id of Meta in the configuration', () => {
    const elsewhere = {
      MetaWabaIds: [],
      MetaPhoneNumberIds: [{ metaPhoneNumberId: META_NUMBER, arn: 'arn:x:waba/1' }],
    };
    const body = aNotification(anEnvelope(HELLO, { context: elsewhere }));

    expect(itemsOf(body)).toEqual([{ kind: 'ignored', reason: 'foreign_number' }]);
    expect(itemsOf(body, anAwsReader([anAwsChannel({ metaPhoneNumberId: META_NUMBER })]))).toMatchObject([
      { kind: 'message', message: { channel: 'support' } },
    ]);
  });

  it('lends no number of another account', () => {
    const channel = anAwsChannel({ account: 'other', metaPhoneNumberId: META_NUMBER });

    expect(itemsOf(aNotification(anEnvelope(HELLO)), anAwsReader([channel]))).toEqual([
      { kind: 'ignored', reason: 'foreign_number' },
    ]);
  });

  it('gives each status the id with which AWS may have answered the send', () => {
    expect(itemsOf(aNotification(anEnvelope(SENT)))).toMatchObject([
      { kind: 'status', report: { answeredId: '5f0c2a3e-0000-4000-8000-000000000001' } },
    ]);
  });

  it('reads several entries, and keeps what cannot be read beside them', () => {
    expect(itemsOf(aNotification(anEnvelope(JSON.stringify([HELLO, SENT]))))).toMatchObject([
      { kind: 'message' },
      { kind: 'status' },
    ]);
  });

  it('reads an entry of several changes and messages, one that cannot be read among them', () => {
    const entry = anEntry({
      contacts: [aContact()],
      messages: [aMessage(), { id: 'wamid.2' }, aMessage({ id: 'wamid.3' })],
    });

    expect(itemsOf(aNotification(anEnvelope(entry))).map(({ kind }) => kind)).toEqual([
      'message',
      'malformed',
      'message',
    ]);
  });
});

describe('an event that is not as AWS documents it', () => {
  it.each([
    { fault: 'no JSON', body: 'Guten Tag' },
    { fault: 'another notification', body: aNotification({ hello: 'world' }) },
    {
      fault: 'a confirmation of a subscription',
      body: JSON.stringify({ Type: 'SubscriptionConfirmation', Token: '1' }),
    },
    { fault: 'a number', body: '7' },
    { fault: 'nothing', body: '' },
  ])('is unreadable with $fault', ({ body }) => {
    expect(read(body)).toEqual({ kind: 'unreadable' });
  });

  it.each([
    { entry: 'no JSON', text: '{"id":', raw: '{"id":' },
    { entry: 'an empty text', text: '', raw: '' },
  ])('is kept for an operator with an entry that is $entry', ({ text, raw }) => {
    expect(itemsOf(aNotification(anEnvelope(text)))).toEqual([
      { kind: 'malformed', reason: 'whatsAppWebhookEntry', kept: { raw } },
    ]);
  });

  it('is kept for an operator without an entry', () => {
    expect(itemsOf(aNotification(anEnvelope('', { whatsAppWebhookEntry: undefined })))).toMatchObject([
      { kind: 'malformed', reason: 'whatsAppWebhookEntry' },
    ]);
  });

  it('reads an entry that is an object already', () => {
    expect(itemsOf(aNotification(anEnvelope('', { whatsAppWebhookEntry: HELLO })))).toMatchObject([
      { kind: 'message' },
    ]);
  });
});

describe('an event of another account', () => {
  const OTHER_WABA = 'arn:aws:social-messaging:eu-central-1:444455556666:waba/ffff';
  const context = (arn: string) => ({
    MetaWabaIds: [{ wabaId: '1', arn }],
    MetaPhoneNumberIds: [
      { metaPhoneNumberId: META_NUMBER, arn: `arn:aws:social-messaging:x:1:phone-number-id/${AWS_NUMBER.slice(16)}` },
    ],
  });

  it.each([
    { by: 'the id of AWS', envelope: anEnvelope(HELLO, { context: context(OTHER_WABA) }) },
    { by: 'the id of Meta', envelope: anEnvelope(anEntry({ messages: [aMessage()] }, { id: '1' })) },
    { by: 'neither id', envelope: anEnvelope({ changes: [] }, { context: undefined }) },
  ])('is foreign by $by', ({ envelope }) => {
    expect(read(aNotification(envelope))).toEqual({ kind: 'foreign' });
  });

  it('belongs to the account whose ids it has, among several', () => {
    const other = anAwsAccount({ id: 'other', wabaId: 'waba-ffff', metaWabaId: '1' });
    const reader = anAwsReader([anAwsChannel()], [other, anAwsAccount()]);

    expect(read(aNotification(anEnvelope(HELLO)), reader)).toMatchObject({ kind: 'read', account: { id: 'shop-aws' } });
  });
});
