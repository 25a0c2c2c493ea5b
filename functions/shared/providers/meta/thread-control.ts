import { isPhone, userIdIn } from '../../domain/customer.ts';
import type { MetaApiSecrets } from '../../domain/secrets.ts';
import { type CallOutcome, callOnce } from '../../network/http-call.ts';
import type { ThreadChange } from '../provider.ts';
import { SEND_TIMEOUT_MS } from '../send-outcome.ts';

const API_VERSION = '1.0.0';

/**
 * Takes a conversation from Meta's Business Agent or releases it to the agent, with one call that may be repeated
 * (https://developers.facebook.com/documentation/meta-business-agent/reference/operate/thread-control-cloud-api).
 */
export const controlThread = (
  origin: string,
  { channel, customer, action }: ThreadChange,
  { accessToken }: MetaApiSecrets,
): Promise<CallOutcome> =>
  callOnce({
    url: `${origin}/business/whatsapp/phone_numbers/${channel.phoneNumberId}/thread_control`,
    headers: {
      authorization: `Bearer ${accessToken}`,
      'content-type': 'application/json',
      'x-api-version': API_VERSION,
    },
    body: JSON.stringify({
      messaging_product: 'whatsapp',
      ...(isPhone(customer) ? { to: customer } : { recipient: userIdIn(customer) }),
      action,
    }),
    timeoutMs: SEND_TIMEOUT_MS,
  });
