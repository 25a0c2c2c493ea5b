import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import type { InboundMessage } from '../../functions/shared/domain/inbound.ts';
import type { RecordInbound } from '../../functions/shared/store/message/inbound-arrival.ts';

export const CHANNEL = 'support';
export const CUSTOMER = CustomerKey.parse('+16505551234');

/** Noon of an ordinary day, on a whole second. */
export const NOON = new Date('2026-11-20T12:00:00.000Z');

export const secondsAfterNoon = (seconds: number): Date => new Date(NOON.getTime() + seconds * 1000);
export const NOON_SECONDS = NOON.getTime() / 1000;

let sessions = 0;

/** A text of the customer written at `at`, arriving at `now`. */
export const anArrival = ({
  at = NOON,
  now = at,
  ...message
}: Partial<InboundMessage> & { at?: Date; now?: Date } = {}): RecordInbound => ({
  message: {
    channel: CHANNEL,
    identities: { phone: CUSTOMER },
    id: `wamid.${at.getTime()}`,
    providerAtMs: at.getTime(),
    opens: true,
    content: { type: 'text', text: 'Is my order on its way?' },
    ...message,
  },
  retentionDays: 30,
  closingLeadSeconds: 3_600,
  now,
  newSessionId: () => {
    sessions += 1;
    return `ses_${sessions}`;
  },
});
