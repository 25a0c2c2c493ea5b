import { createHmac } from 'node:crypto';
import { anEvent } from '../../support/events.ts';
import { metaSecrets } from '../../support/meta.ts';
import { SINCH_SECRETS } from '../../support/sinch.ts';
import { META, SINCH } from './corpus.ts';
import { mutateBytes, mutatedJson, mutateText, pick, type Random } from './mutate.ts';
import type { Target } from './target.ts';
import type { Answered, FuzzWorld } from './world.ts';

const META_SECRET = metaSecrets.appSecrets[0] ?? '';
const SINCH_SECRET = SINCH_SECRETS.webhookSecrets[0] ?? '';
const SINCH_HEADER = 'x-sinch-webhook-signature';
const DAY = 86_400;

type Headers = Readonly<Record<string, string>>;

const hmac = (secret: string, ...parts: readonly (string | Uint8Array)[]) =>
  parts.reduce((sum, part) => sum.update(part), createHmac('sha256', secret));

const metaHeaders = (body: Uint8Array, secret = META_SECRET): Headers => ({
  'x-hub-signature-256': `sha256=${hmac(secret, body).digest('hex')}`,
});

const sinchHeaders = (
  body: Uint8Array,
  { nonce, timestamp }: { nonce: string; timestamp: string },
  secret = SINCH_SECRET,
) => ({
  [SINCH_HEADER]: hmac(secret, body, `.${nonce}.${timestamp}`).digest('base64'),
  [`${SINCH_HEADER}-nonce`]: nonce,
  [`${SINCH_HEADER}-timestamp`]: timestamp,
  [`${SINCH_HEADER}-algorithm`]: 'HmacSHA256',
});

/** Whether Meta signed these bytes: the header is exactly that of the secret, in hexadecimal of either case. */
const isSignedByMeta = (body: Uint8Array, headers: Headers): boolean => {
  const expected = hmac(META_SECRET, body).digest('hex');
  const [scheme, digest, ...others] = (headers['x-hub-signature-256'] ?? '').split('=');
  return scheme?.toLowerCase() === 'sha256' && digest?.toLowerCase() === expected && others.length === 0;
};

/** Whether Sinch signed these bytes within the last day, or within the next five minutes of a clock ahead of ours. */
const isSignedBySinch = (body: Uint8Array, headers: Headers, now: Date): boolean => {
  const nonce = headers[`${SINCH_HEADER}-nonce`] ?? '';
  const timestamp = headers[`${SINCH_HEADER}-timestamp`] ?? '';
  const algorithm = headers[`${SINCH_HEADER}-algorithm`] ?? 'HmacSHA256';
  const age = now.getTime() / 1000 - Number(timestamp);
  return (
    nonce !== '' &&
    headers[SINCH_HEADER] === hmac(SINCH_SECRET, body, `.${nonce}.${timestamp}`).digest('base64') &&
    algorithm.toLowerCase() === 'hmacsha256' &&
    /^[0-9]+$/.test(timestamp) &&
    age <= DAY &&
    age >= -300
  );
};

const ROUTE = { meta: 'POST /webhooks/meta/{account}', sinch: 'POST /webhooks/sinch/{account}' };
const ACCOUNT = { meta: 'shop-meta', sinch: 'care-sinch' };
type Provider = keyof typeof ROUTE;

const timestampOf = (now: Date): string => String(Math.floor(now.getTime() / 1000));

/** Headers with one of them changed, removed, of another time, or signed with another secret. */
const forgedHeaders = (random: Random, provider: Provider, { body, now }: { body: Uint8Array; now: Date }): Headers => {
  const seconds = Number(timestampOf(now)) + pick(random, [0, -DAY, -DAY - 1, -DAY + 1, 300, 301, 299, 1e9, -1e9]);
  const timestamp = random() < 0.1 ? pick(random, ['', 'NaN', '1e9', ` ${seconds}`, `+${seconds}`]) : String(seconds);
  const secret = random() < 0.3 ? mutateText(random, provider === 'meta' ? META_SECRET : SINCH_SECRET) : undefined;
  const nonce = pick(random, ['nonce', '', '.', 'a.b', 'ü']);
  const headers: Headers =
    provider === 'meta' ? metaHeaders(body, secret) : sinchHeaders(body, { nonce, timestamp }, secret);
  if (random() < 0.4) return headers;
  const name = pick(random, Object.keys(headers));
  const { [name]: value = '', ...others } = headers;
  const chance = random();
  if (chance < 0.1) return others;
  if (chance < 0.2) return { ...headers, [name]: value.toUpperCase() };
  if (chance < 0.3) return { ...headers, [name]: `${value},${value}` };
  return { ...headers, [name]: mutateText(random, value) };
};

/** A webhook whose bytes, headers or secret are changed: accepted exactly when node:crypto says that it is signed. */
const signatures = ({ call, world, takeFault }: FuzzWorld): Target => ({
  name: 'signed and forged webhooks',
  make: (random) => {
    const provider = pick(random, ['meta', 'sinch'] as const);
    const now = world.now();
    const signed = Buffer.from(
      JSON.stringify(pick(random, provider === 'meta' ? META.slice(0, 3) : SINCH.slice(0, 3))),
    );
    const headers = forgedHeaders(random, provider, { body: signed, now });
    const body = random() < 0.4 ? mutateBytes(random, signed) : signed;
    const isSigned = provider === 'meta' ? isSignedByMeta(body, headers) : isSignedBySinch(body, headers, now);
    return {
      text: `${provider} ${JSON.stringify(headers)} ${body.toString('base64')}`,
      bytes: body.length,
      send: () =>
        call(ROUTE[provider], anEvent(ROUTE[provider], { path: { account: ACCOUNT[provider] }, headers, body })),
      judge: (sent) => {
        const { status } = sent as Answered;
        const fault =
          status === (isSigned ? 200 : 401) ? undefined : `is ${isSigned ? '' : 'not '}signed ${takeFault()}`;
        return { answer: status, fault };
      },
    };
  },
});

/** A changed body under a valid signature is answered 200, whatever it holds (R15). */
const bodies = ({ call, world, takeFault }: FuzzWorld, provider: Provider): Target => ({
  name: `webhooks of ${provider === 'meta' ? 'Meta' : 'Sinch'}`,
  make: (random) => {
    const text = mutatedJson(random, pick(random, provider === 'meta' ? META : SINCH));
    const body = random() < 0.03 ? mutateBytes(random, Buffer.from(text)) : Buffer.from(text);
    const at = { nonce: 'nonce', timestamp: timestampOf(world.now()) };
    const headers = provider === 'meta' ? metaHeaders(body) : sinchHeaders(body, at);
    return {
      text,
      bytes: body.length,
      send: () =>
        call(ROUTE[provider], anEvent(ROUTE[provider], { path: { account: ACCOUNT[provider] }, headers, body })),
      judge: (sent) => {
        const { status } = sent as Answered;
        return { answer: status, fault: status === 200 ? undefined : takeFault() };
      },
    };
  },
});

const CHALLENGE = 'GET /webhooks/meta/{account}';

/** Meta's check of the callback URL succeeds with the verify token alone. */
const challenges = ({ call }: FuzzWorld): Target => ({
  name: 'checks of the callback URL',
  make: (random) => {
    const { verifyToken } = metaSecrets;
    const query = {
      'hub.mode': random() < 0.8 ? 'subscribe' : mutateText(random, 'subscribe').toWellFormed(),
      'hub.verify_token': random() < 0.3 ? verifyToken : mutateText(random, verifyToken).toWellFormed(),
      'hub.challenge': mutateText(random, '1158201444').toWellFormed(),
    };
    const isRight = query['hub.mode'] === 'subscribe' && query['hub.verify_token'] === verifyToken;
    return {
      text: JSON.stringify(query),
      bytes: JSON.stringify(query).length,
      send: () => call(CHALLENGE, anEvent(CHALLENGE, { path: { account: ACCOUNT.meta }, query })),
      judge: (sent) => {
        const { status, body } = sent as Answered;
        // U+0000 is refused in every query.
        const isReadable = !Object.values(query).some((text) => text.includes('\u0000'));
        const isAccepted = status === 200 && body === query['hub.challenge'];
        const isExpected = isReadable ? (isRight ? isAccepted : status === 403) : status === 400;
        return { answer: status, fault: isExpected ? undefined : 'another answer' };
      },
    };
  },
});

export const webhookTargets = (fuzzed: FuzzWorld): readonly Target[] => [
  signatures(fuzzed),
  bodies(fuzzed, 'meta'),
  bodies(fuzzed, 'sinch'),
  challenges(fuzzed),
];
