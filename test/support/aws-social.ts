import { readdirSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import type { AwsSocialAccount } from '../../functions/shared/domain/aws-social-account.ts';
import { Channel } from '../../functions/shared/domain/config.ts';
import type { AwsSocialApiSecrets } from '../../functions/shared/domain/secrets.ts';
import { createAwsSocialReader } from '../../functions/shared/providers/aws-social/reader.ts';

const WABA = 'waba-00112233445566778899aabbccddeeff';
const META_WABA = '700000000000009';
export const AWS_NUMBER = 'phone-number-id-ffeeddccbbaa99887766554433221100';
export const META_NUMBER = '300000000000009';

export const awsSocialSecrets: AwsSocialApiSecrets = {
  accessKeyId: 'AKIAFIXTURE',
  secretAccessKey: 'fixture-secret-access-key',
  sessionToken: 'fixture-session-token',
  region: 'eu-central-1',
};

export const anAwsAccount = (overrides: Partial<AwsSocialAccount> = {}): AwsSocialAccount => ({
  id: 'shop-aws',
  provider: 'aws-social',
  wabaId: WABA,
  metaWabaId: META_WABA,
  graphVersion: 'v24.0',
  ...overrides,
});

export const anAwsChannel = (overrides: Partial<Channel> = {}): Channel => ({
  ...Channel.parse({ id: 'support', account: 'shop-aws', phoneNumberId: AWS_NUMBER }),
  ...overrides,
});

export const anAwsReader = (channels: readonly Channel[] = [anAwsChannel()], accounts = [anAwsAccount()]) =>
  createAwsSocialReader({ accounts, channels });

const arn = (kind: 'waba' | 'phone-number-id', id: string) =>
  `arn:aws:social-messaging:eu-central-1:111122223333:${kind}/${id.slice(kind.length + 1)}`;

/** A change of Meta's field `messages`, on the number at AWS. */
export const anEntry = (value: object, overrides: object = {}): object => ({
  id: META_WABA,
  changes: [
    {
      field: 'messages',
      value: {
        messaging_product: 'whatsapp',
        metadata: { display_phone_number: '15550000009', phone_number_id: META_NUMBER },
        ...value,
      },
    },
  ],
  ...overrides,
});

/** What AWS publishes; `undefined` takes a property away. */
export const anEnvelope = (entry: unknown, overrides: object = {}): object => ({
  context: {
    MetaWabaIds: [{ wabaId: META_WABA, arn: arn('waba', WABA) }],
    MetaPhoneNumberIds: [{ metaPhoneNumberId: META_NUMBER, arn: arn('phone-number-id', AWS_NUMBER) }],
  },
  whatsAppWebhookEntry: typeof entry === 'string' ? entry : JSON.stringify(entry),
  aws_account_id: '111122223333',
  message_timestamp: '2026-11-20T08:00:00.123456789Z',
  messageId: '5f0c2a3e-0000-4000-8000-000000000001',
  ...overrides,
});

/** What SNS puts around a message unless its delivery is raw. */
export const aNotification = (message: object): string =>
  JSON.stringify({
    Type: 'Notification',
    MessageId: '9b1d0f4c-0000-4000-8000-000000000002',
    TopicArn: 'arn:aws:sns:eu-central-1:111122223333:whatsapp',
    Message: JSON.stringify(message),
    Timestamp: '2026-11-20T08:00:00.200Z',
    SignatureVersion: '1',
  });

/** What AWS delivers, by a page of its documentation; with `entry` the entry alone, which an envelope carries. */
const Fixture = z.object({
  source: z.string(),
  body: z.record(z.string(), z.unknown()),
  entry: z.boolean().default(false),
  /** What is read from it. @default - it is no event */
  item: z.object({ kind: z.string(), id: z.string() }).loose().optional(),
});

const RECEIVED = new URL('../fixtures/aws-social/receive/', import.meta.url);

/** The fixtures of what AWS delivers, as bodies of queue messages. */
export const awsDeliveries = readdirSync(RECEIVED).map((file) => {
  const { body, entry, ...fixture } = Fixture.parse(JSON.parse(readFileSync(new URL(file, RECEIVED), 'utf8')));
  return { name: file.replace('.json', ''), ...fixture, body: JSON.stringify(entry ? anEnvelope(body) : body) };
});
