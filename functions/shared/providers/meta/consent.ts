import type { ConsentChange } from '../../domain/consent.ts';
import type { WebhookItem } from '../provider.ts';
import { ignored, malformed, unreadable } from '../webhook-items.ts';
import { identifyCustomer } from './identities.ts';
import { UserPreference } from './schema.ts';
import type { Origin } from './to-domain.ts';

const CATEGORY = 'marketing_messages';

const STATE: Readonly<Record<string, ConsentChange['state']>> = {
  stop: 'opted_out',
  resume: 'opted_in',
  signup: 'opted_in',
};

/** Reads one of `user_preferences`: it concerns marketing alone, so `resume` is no opt-in to other messages (R9). */
export const toPreferenceItem = (raw: unknown, { channel, contacts }: Origin): WebhookItem => {
  const parsed = UserPreference.safeParse(raw);
  if (!parsed.success) return unreadable('user_preference', parsed.error, { raw, channel: channel.id });
  const { wa_id, user_id, category, value, timestamp } = parsed.data;
  const state = Object.hasOwn(STATE, value) ? STATE[value] : undefined;
  if (category !== CATEGORY || state === undefined) return ignored('other_event');
  const customer = identifyCustomer({ from: wa_id, from_user_id: user_id }, contacts);
  if (customer === undefined) return malformed('user_preference names no customer', { raw, channel: channel.id });
  return {
    kind: 'consent',
    report: {
      channel: channel.id,
      identities: customer.identities,
      change: {
        id: `user_preferences:${value}`,
        scope: 'marketing',
        state,
        effectiveAt: timestamp,
        source: 'user_preferences',
        actor: 'customer',
        categories: [category],
      },
    },
  };
};
