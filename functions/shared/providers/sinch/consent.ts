import type { Channel } from '../../domain/config.ts';
import type { ConsentChange } from '../../domain/consent.ts';
import { customerOf } from '../../domain/customer.ts';
import type { WebhookItem } from '../provider.ts';
import { ignored, malformed } from '../webhook-items.ts';
import { parseIdentity } from './identities.ts';
import { type Envelope, firstTime, OptNotification, SinchId } from './schema.ts';

interface OptNotice {
  readonly state: ConsentChange['state'];
  readonly source: string;
  readonly succeeded: string;
  /** How the statuses of the opposite begin. */
  readonly opposite: string;
}

/** The two notifications, by their key in the envelope. */
const NOTICES = {
  opt_out_notification: {
    state: 'opted_out',
    source: 'sinch_opt_out',
    succeeded: 'OPT_OUT_SUCCEEDED',
    opposite: 'OPT_IN_',
  },
  opt_in_notification: {
    state: 'opted_in',
    source: 'sinch_opt_in',
    succeeded: 'OPT_IN_SUCCEEDED',
    opposite: 'OPT_OUT_',
  },
} as const satisfies Record<string, OptNotice>;

export type OptNoticeKey = keyof typeof NOTICES;

/** Reads OPT_IN and OPT_OUT; one whose status says the opposite of its key is quarantined, never read as permission (R9). */
export const toConsentItem = (envelope: Envelope, key: OptNoticeKey, channel: Channel): WebhookItem => {
  const unread = { raw: envelope, channel: channel.id };
  const { data: notification } = OptNotification.safeParse(envelope[key]);
  if (notification === undefined) return malformed(`no ${key}`, unread);
  if (notification.channel !== 'WHATSAPP') return ignored('other_channel');
  const { state, source, succeeded, opposite } = NOTICES[key];
  const identities = parseIdentity(notification.identity);
  const kept = identities === undefined ? unread : { ...unread, customer: customerOf(identities) };
  if (notification.status.startsWith(opposite))
    return { kind: 'quarantined', reason: `${key} says the opposite`, kept };
  if (notification.status !== succeeded) return ignored('other_event');
  if (identities === undefined) return malformed('no customer', kept);
  const atMs = firstTime([envelope.event_time, envelope.accepted_time]);
  if (atMs === undefined) return malformed('no time', kept);
  const id = SinchId.safeParse(notification.request_id).data ?? key;
  const effectiveAt = Math.floor(atMs / 1000);
  return {
    kind: 'consent',
    report: {
      channel: channel.id,
      identities,
      change: { id, scope: 'all', state, effectiveAt, source, actor: 'provider' },
    },
  };
};
