import type { Channel, SinchAccount } from '../../domain/config.ts';
import { parseJson } from '../../domain/read-json.ts';
import type { SinchWebhookSecrets } from '../../domain/secrets.ts';
import type { WebhookItem, WebhookReader } from '../provider.ts';
import { ignored, malformed } from '../webhook-items.ts';
import { toConsentItem } from './consent.ts';
import { Envelope } from './schema.ts';
import { verifySignature } from './signature.ts';
import { toStatusItem } from './statuses.ts';
import { toEventItem, toMessageItem } from './to-domain.ts';

export interface SinchReaderDeps {
  readonly account: SinchAccount;
  /** A Sinch app has exactly one WhatsApp number. */
  readonly channels: readonly Channel[];
  readonly secrets: () => Promise<SinchWebhookSecrets>;
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

/** An event has no type: the key beside the envelope's own fields identifies it. */
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
  /** Sinch sends no challenge. */
  answerChallenge: () => Promise.resolve(undefined),

  verify: async (body, headers, now) => {
    const { webhookSecrets } = await secrets();
    const maxAgeSeconds = account.signatureMaxAgeSeconds;
    return verifySignature({ body, headers, secrets: webhookSecrets, maxAgeSeconds, now });
  },

  parse: (body) => {
    const read = parseJson(body);
    const { data: envelope } = Envelope.safeParse(read?.json);
    if (envelope === undefined)
      return [
        malformed('not a Sinch callback', { raw: read === undefined ? new TextDecoder().decode(body) : read.json }),
      ];
    const [channel] = channels;
    if (channel === undefined || envelope.app_id !== account.appId) return [ignored('foreign_number')];
    return [toItem(envelope, channel)];
  },
});
