import type { SinchAccount, SinchSecrets } from '../../domain/config.ts';
import { readJson } from '../../domain/read-json.ts';
import { type CallOutcome, callOnce, retryAfterSeconds } from '../../network/http-call.ts';
import { isRetryable, type MessageSender, type OutboundMessage, type SendOutcome } from '../provider.ts';
import { toError, toRefusal } from './errors.ts';
import { Sent } from './schema.ts';
import { toWire, type Wire } from './to-wire.ts';
import { callWithToken, createTokenSource, type TokenDeps } from './token.ts';

export interface SinchSenderDeps extends Pick<TokenDeps, 'sleep' | 'random'> {
  readonly account: SinchAccount;
  readonly secrets: () => Promise<SinchSecrets>;
  readonly now: () => Date;
  readonly timeoutMs?: number;
}

/** Longer than the 10 s after which fetch gives up a connection attempt, which has sent nothing; the half second is its timer's. */
const TIMEOUT_MS = 12_000;

/** Sinch takes no shorter time-to-live. */
const MIN_TTL_SECONDS = 3;

const sendUrl = ({ baseUrl, region, projectId }: SinchAccount): string =>
  `${baseUrl ?? `https://${region}.conversation.api.sinch.com`}/v1/projects/${encodeURIComponent(projectId)}/messages:send`;

const toRefused = (status: number, text: string, retryAfter: number | undefined): SendOutcome => {
  const error = toRefusal(status, text);
  if (error === undefined) return { kind: 'in_doubt', error: toError(`http_${status}`, 'never') };
  return isRetryable(error)
    ? { kind: 'unavailable', error, retryAfterSeconds: retryAfter }
    : { kind: 'rejected', error };
};

/** What is known of the message after the call (R12): only Sinch's own words, or no connection, say that it was not taken. */
const toOutcome = (answer: CallOutcome): SendOutcome => {
  if (answer.kind === 'not_sent') return { kind: 'unavailable', error: toError(answer.code, 'retry_now') };
  if (answer.kind === 'unknown') return { kind: 'in_doubt', error: toError(answer.code, 'never') };
  const { status, headers, text } = answer;
  if (status < 200 || status > 299) return toRefused(status, text, retryAfterSeconds(headers));
  const providerMessageId = readJson(text, Sent)?.message_id;
  return providerMessageId === undefined
    ? { kind: 'in_doubt', error: toError('no_message_id', 'never') }
    : { kind: 'sent', providerMessageId };
};

type WireMessage = Extract<Wire, { readonly kind: 'message' }>;

/** Sinch's identities are the digits of the phone number. */
const toRequest = ({ to, reference, replyTo }: OutboundMessage, { message, channelProperties }: WireMessage) => ({
  recipient: { identified_by: { channel_identities: [{ channel: 'WHATSAPP', identity: to.replace(/^\+/, '') }] } },
  message: { ...message, reply_to: replyTo === undefined ? undefined : { message_id: replyTo } },
  channel_priority_order: ['WHATSAPP'],
  channel_properties: channelProperties,
  message_metadata: reference,
});

/** Sends the messages of one Sinch app through the Conversation API. */
export const createSinchSender = (deps: SinchSenderDeps): MessageSender => {
  const { account, now, timeoutMs = TIMEOUT_MS } = deps;
  const tokens = createTokenSource({ ...deps, authUrl: account.authUrl });

  const post = async (body: () => string): Promise<SendOutcome> => {
    const answer = await callWithToken(tokens, (authorization) =>
      callOnce({
        url: sendUrl(account),
        headers: { authorization, 'content-type': 'application/json' },
        body: body(),
        timeoutMs,
      }),
    );
    return 'error' in answer ? answer : toOutcome(answer);
  };

  return {
    unsupported: (content) => {
      const wire = toWire(content);
      return wire.kind === 'unsupported' ? wire.unsupported : undefined;
    },

    send: (message) => {
      const wire = toWire(message.content, message.template);
      if (wire.kind === 'unsupported') {
        const { message: title } = wire.unsupported;
        return Promise.resolve({ kind: 'rejected', error: { code: 'unsupported', title, class: 'fix_request' } });
      }
      const request = { app_id: account.appId, ...toRequest(message, wire) };
      // A template may be delivered days later; it needs no open window.
      if (message.content.type === 'template') return post(() => JSON.stringify(request));
      const windowEndsMs = now().getTime() + message.expiresInSeconds * 1000;
      /** The time that a token took is no longer there (R7). */
      const ttl = () => Math.max(MIN_TTL_SECONDS, Math.floor((windowEndsMs - now().getTime()) / 1000));
      return post(() => JSON.stringify({ ...request, ttl: `${ttl()}s` }));
    },
  };
};
