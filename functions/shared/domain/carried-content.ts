import type { Account } from './config.ts';
import type { SessionContent } from './content.ts';

/** The types of session messages that a provider cannot carry on WhatsApp. */
export const NOT_CARRIED = {
  meta: [],
  'aws-social': [],
  sinch: ['reaction', 'cta_url', 'location_request', 'contact_request', 'address_request', 'carousel'],
} as const satisfies Readonly<Record<Account['provider'], readonly SessionContent['type'][]>>;
