import type { SinchAccount } from '../../domain/config.ts';
import { type CustomerKey, isPhone, userIdIn } from '../../domain/customer.ts';
import type { SinchApiSecrets } from '../../domain/secrets.ts';
import { withFiles } from '../../domain/upload.ts';
import { callOnce } from '../../network/http-call.ts';
import type { MessageSender, OutboundMessage, ReadReceipt, RepeatableOutcome, SendOutcome } from '../provider.ts';
import { SEND_TIMEOUT_MS, secondsLeft, TOO_LATE, toRepeatableOutcome } from '../send-outcome.ts';
import { toOutcome } from './outcome.ts';
import { toWire } from './to-wire.ts';
import { callWithToken, createTokenSource, type TokenDeps, type TokenSource } from './token.ts';
import type { Wire } from './wire.ts';

export interface SinchSenderDeps extends Pick<TokenDeps, 'sleep' | 'random'> {
  readonly account: SinchAccount;
  readonly secrets: () => Promise<SinchApiSecrets>;
  readonly now: () => Date;
  readonly timeoutMs?: number;
}

/** The shortest time-to-live that Sinch accepts. */
export const MIN_TTL_SECONDS = 3;

const urlOf = ({ baseUrl, region, projectId }: SinchAccount, operation: 'messages:send' | 'events:send'): string =>
  `${baseUrl ?? `https://${region}.conversation.api.sinch.com`}/v1/projects/${encodeURIComponent(projectId)}/${operation}`;

type WireMessage = Extract<Wire, { readonly kind: 'message' }>;

/** Sinch identifies a customer by the digits of the phone number. */
const identityOf = (to: CustomerKey): string => (isPhone(to) ? to.slice(1) : userIdIn(to));

const toRecipient = (to: CustomerKey) => ({
  identified_by: { channel_identities: [{ channel: 'WHATSAPP', identity: identityOf(to) }] },
});

const toRequest = ({ to, reference, replyTo }: OutboundMessage, { message, channelProperties }: WireMessage) => ({
  recipient: toRecipient(to),
  message: { ...message, reply_to: replyTo === undefined ? undefined : { message_id: replyTo } },
  channel_priority_order: ['WHATSAPP'],
  channel_properties: channelProperties,
  message_metadata: reference,
});

/** https://developers.sinch.com/docs/conversation/api-reference/conversation/tag/Events/ */
export const readToWire = ({ customer, messageId }: Pick<ReadReceipt, 'customer' | 'messageId'>) => ({
  recipient: toRecipient(customer),
  event: { read_message_event: { message_id: messageId } },
  channel_priority_order: ['WHATSAPP'],
});

const NO_TYPING: RepeatableOutcome = {
  kind: 'unsupported',
  unsupported: {
    path: 'typing',
    message: 'Sinch shows no typing indicator on WhatsApp: leave typing out.',
  },
};

interface ReadCall {
  readonly account: SinchAccount;
  readonly tokens: TokenSource;
  readonly timeoutMs: number;
}

const markRead = async ({ account, tokens, timeoutMs }: ReadCall, receipt: ReadReceipt): Promise<RepeatableOutcome> => {
  if (receipt.typing) return NO_TYPING;
  const answer = await callWithToken(tokens, (authorization) =>
    callOnce({
      url: urlOf(account, 'events:send'),
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ app_id: account.appId, ...readToWire(receipt) }),
      timeoutMs,
    }),
  );
  return 'error' in answer ? answer : toRepeatableOutcome(answer, toOutcome);
};

/** In the place of an uploaded file, which is sent by a link that is made right before and ends as the upload does. */
const linkToCome = (upload: string) => ({ url: `https://carewindow.invalid/${upload}` });

/** Sends the messages of one Sinch app through the Conversation API. */
export const createSinchSender = (deps: SinchSenderDeps): MessageSender => {
  const { account, now, timeoutMs = SEND_TIMEOUT_MS } = deps;
  const tokens = createTokenSource({ ...deps, authUrl: account.authUrl });

  /** The time-to-live is computed at the call: fetching a token may have taken seconds of the window (R7). */
  const post = async (message: OutboundMessage, request: object): Promise<SendOutcome> => {
    const answer = await callWithToken<typeof TOO_LATE>(tokens, async (authorization) => {
      const seconds = secondsLeft(message, now());
      if (seconds < MIN_TTL_SECONDS) return TOO_LATE;
      return callOnce({
        url: urlOf(account, 'messages:send'),
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(Number.isFinite(seconds) ? { ...request, ttl: `${seconds}s` } : request),
        timeoutMs,
      });
    });
    return 'error' in answer || answer.kind === 'too_late' ? answer : toOutcome(answer);
  };

  return {
    markRead: (receipt) => markRead({ account, tokens, timeoutMs }, receipt),

    unsupported: (content) => {
      const wire = toWire(withFiles(content, linkToCome));
      return wire.kind === 'unsupported' ? wire.unsupported : undefined;
    },

    send: (message) => {
      const wire = toWire(message.content, message.template);
      if (wire.kind === 'unsupported') {
        const { message: title } = wire.unsupported;
        return Promise.resolve({ kind: 'rejected', error: { code: 'unsupported', title, class: 'fix_request' } });
      }
      return post(message, { app_id: account.appId, ...toRequest(message, wire) });
    },
  };
};
