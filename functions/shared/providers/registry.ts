import type * as z from 'zod';
import { type Account, type Channel, isAwsSocialAccount, type WebhookAccount } from '../domain/config.ts';
import {
  AwsSocialApiSecrets,
  MetaApiSecrets,
  MetaWebhookSecrets,
  type SecretPart,
  SinchApiSecrets,
  SinchWebhookSecrets,
} from '../domain/secrets.ts';
import { createAwsSocialSender } from './aws-social/client.ts';
import { createAwsSocialMediaSource, createAwsSocialUploader } from './aws-social/media.ts';
import { createAwsSocialReader } from './aws-social/reader.ts';
import { createAwsSocialTemplateSource } from './aws-social/templates.ts';
import { createMetaSender } from './meta/client.ts';
import { createMetaMediaSource } from './meta/media-source.ts';
import { createMetaUploader } from './meta/media-upload.ts';
import { createMetaReader } from './meta/reader.ts';
import { createMetaTemplateSource } from './meta/templates.ts';
import type {
  EventReader,
  MediaSource,
  MediaUploader,
  MessageSender,
  TemplateSource,
  WebhookReader,
} from './provider.ts';
import type { SecretSource } from './secret-source.ts';
import { createSinchSender } from './sinch/client.ts';
import { createSinchMediaSource } from './sinch/media-source.ts';
import { createSinchReader } from './sinch/reader.ts';
import { createSinchTemplateSource } from './sinch/templates.ts';

/*
 * The only list of providers. Each side has a function of its own, since a bundler drops an unused function but not an
 * unused property: a Lambda carries only the sides that it calls. A provider that one of them omits does not compile.
 */

interface Part<Secrets> {
  readonly part: SecretPart;
  readonly schema: z.ZodType<Secrets>;
}

const META_WEBHOOK: Part<MetaWebhookSecrets> = { part: 'webhook', schema: MetaWebhookSecrets };
const META_API: Part<MetaApiSecrets> = { part: 'api', schema: MetaApiSecrets };
const SINCH_WEBHOOK: Part<SinchWebhookSecrets> = { part: 'webhook', schema: SinchWebhookSecrets };
const SINCH_API: Part<SinchApiSecrets> = { part: 'api', schema: SinchApiSecrets };
const AWS_SOCIAL_API: Part<AwsSocialApiSecrets> = { part: 'api', schema: AwsSocialApiSecrets };

const secretsOf =
  <Secrets>({ part, schema }: Part<Secrets>, source: SecretSource, account: Account) =>
  async (): Promise<Secrets> =>
    schema.parse(await source(account, part));

/** Creates the reader of an account's webhooks; `channels` are those that the account owns. */
export const createReader = (
  account: WebhookAccount,
  channels: readonly Channel[],
  source: SecretSource,
): WebhookReader => {
  switch (account.provider) {
    case 'meta':
      return createMetaReader({ account, channels, secrets: secretsOf(META_WEBHOOK, source, account) });
    case 'sinch':
      return createSinchReader({ account, channels, secrets: secretsOf(SINCH_WEBHOOK, source, account) });
  }
};

/** Creates the reader of the events that come through a queue; each names its account. */
export const createEventReader = (accounts: readonly Account[], channels: readonly Channel[]): EventReader =>
  createAwsSocialReader({ accounts: accounts.filter(isAwsSocialAccount), channels });

/** Creates the sender of an account's messages. */
export const createSender = (account: Account, source: SecretSource, now: () => Date): MessageSender => {
  switch (account.provider) {
    case 'meta':
      return createMetaSender({ account, secrets: secretsOf(META_API, source, account), now });
    case 'sinch':
      return createSinchSender({ account, secrets: secretsOf(SINCH_API, source, account), now });
    case 'aws-social':
      return createAwsSocialSender({ account, secrets: secretsOf(AWS_SOCIAL_API, source, account), now });
  }
};

/** Creates the source of an account's templates. */
export const createTemplateSource = (account: Account, source: SecretSource, now: () => Date): TemplateSource => {
  switch (account.provider) {
    case 'meta':
      return createMetaTemplateSource({ account, secrets: secretsOf(META_API, source, account) });
    case 'sinch':
      return createSinchTemplateSource({ account, secrets: secretsOf(SINCH_API, source, account), now });
    case 'aws-social':
      return createAwsSocialTemplateSource({ account, secrets: secretsOf(AWS_SOCIAL_API, source, account), now });
  }
};

/** Creates the source of the customers' files of an account. */
export const createMediaSource = (account: Account, source: SecretSource, now: () => Date): MediaSource => {
  switch (account.provider) {
    case 'meta':
      return createMetaMediaSource({ account, secrets: secretsOf(META_API, source, account) });
    case 'sinch':
      return createSinchMediaSource(account);
    case 'aws-social':
      return createAwsSocialMediaSource({ account, secrets: secretsOf(AWS_SOCIAL_API, source, account), now });
  }
};

/** Creates the uploader of an account's files; `undefined` where the provider takes a link instead. */
export const createMediaUploader = (
  account: Account,
  source: SecretSource,
  now: () => Date,
): MediaUploader | undefined => {
  switch (account.provider) {
    case 'meta':
      return createMetaUploader({ account, secrets: secretsOf(META_API, source, account) });
    case 'sinch':
      return undefined;
    case 'aws-social':
      return createAwsSocialUploader({ account, secrets: secretsOf(AWS_SOCIAL_API, source, account), now });
  }
};

/** Whether WhatsApp's free service messages apply to the account's numbers and its provider reports their prices. */
export const hasFreeService = ({ provider }: Account): boolean => {
  switch (provider) {
    case 'meta':
    case 'aws-social':
      return true;
    case 'sinch':
      return false;
  }
};

/**
 * Whether a status may come without the reference that was sent: the provider's own id must then lead to the message.
 * Meta returns it with every status (webhooks reference, `statuses`), Sinch's reports may lack it, and AWS documents
 * for neither its callback data nor its own message id that it comes back.
 */
export const mayOmitReference = ({ provider }: Account): boolean => {
  switch (provider) {
    case 'meta':
      return false;
    case 'sinch':
    case 'aws-social':
      return true;
  }
};
