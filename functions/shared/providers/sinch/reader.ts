import type { Channel, SinchAccount, SinchSecrets } from '../../domain/config.ts';
import { parseJson } from '../../domain/read-json.ts';
import type { WebhookItem, WebhookReader } from '../provider.ts';
import { toConsentItem } from './opting.ts';
import { Envelope } from './schema.ts';
import { verifySignature } from './signature.ts';
import { ignored, malformed, toEventItem, toMessageItem, toStatusItem } from './to-domain.ts';

export interface SinchReaderDeps {
  readonly account: SinchAccount;
  /** A Sinch app has exactly one WhatsApp number. */
  readonly channels: readonly Channel[];
  readonly secrets: () => Promise<SinchSecrets>;
}

const ENVELOPE_FIELDS = new Set([
  'app_id',
  'project_id',
  'accepted_time',
  'event_time',
  'message_metadata',
  'channel_metadata',
  'correlation_id',
]);

/** The key beside the envelope's own fields says which event it is. */
const toItem = (envelope: Envelope, channel: Channel): WebhookItem => {
  if (envelope.message !== undefined) return toMessageItem(envelope, channel);
  if (envelope.message_delivery_report !== undefined) return toStatusItem(envelope, channel);
  if (envelope.event !== undefined) return toEventItem(envelope, channel);
  if (envelope.opt_out_notification !== undefined) return toConsentItem(envelope, 'opt_out_notification', channel);
  if (envelope.opt_in_notification !== undefined) return toConsentItem(envelope, 'opt_in_notification', channel);
  return Object.keys(envelope).every((key) => ENVELOPE_FIELDS.has(key))
    ? malformed('no event')
    : ignored('other_event');
};

/** Reads the webhooks of one Sinch app. */
export const createSinchReader = ({ account, channels, secrets }: SinchReaderDeps): WebhookReader => ({
  /** Sinch checks no subscription. */
  answerChallenge: () => Promise.resolve(undefined),

  verify: async (body, headers, now) => {
    const { webhookSecrets } = await secrets();
    const maxAgeSeconds = account.signatureMaxAgeSeconds;
    return verifySignature({ body, headers, secrets: webhookSecrets, maxAgeSeconds, now });
  },

  parse: (body) => {
    const { data: envelope } = Envelope.safeParse(parseJson(body)?.json);
    if (envelope === undefined) return [malformed('not a Sinch callback')];
    const [channel] = channels;
    if (channel === undefined || envelope.app_id !== account.appId) return [ignored('foreign_number')];
    return [toItem(envelope, channel)];
  },
});
