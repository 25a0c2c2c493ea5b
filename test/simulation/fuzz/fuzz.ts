import { aChange, aContact, aMessage, aNotification, aStatus, aValue, metaSecrets, signMeta } from '../support/meta.ts';
import { anInbound, aReceipt, SINCH_SECRETS, sinchHeaders } from '../support/sinch.ts';
import { aTemplateContent } from '../support/templates.ts';
import type { Answered } from './service.ts';
import { createRandom, virtualize } from './virtual.ts';
import { BOTH_PROVIDERS, createWorld, type World } from './world.ts';

type Random = () => number;
type Json = unknown;

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

/** What a field may be instead of what is expected there. */
const JUNK: readonly Json[] = [
  null,
  true,
  '',
  ' ',
  '\u0000',
  '\ud800',
  'a'.repeat(5_000),
  '-1',
  '1e999',
  -1,
  0,
  1.5,
  1e300,
  Number.MAX_SAFE_INTEGER,
  [],
  [[]],
  {},
  { __proto__: null, constructor: {} },
  'STOP',
  '+49',
  '9999999999999',
  '<script>',
  '{{1}}',
  '((((((((((((((((((((a+)+)+)+)+)+)+)+)+)+)+',
  ' '.repeat(2_000),
];

/** The value with one of its parts replaced, removed or repeated. */
const mutate = (random: Random, value: Json): Json => {
  if (Array.isArray(value) && value.length > 0 && random() < 0.9) {
    const place = Math.floor(random() * value.length);
    if (random() < 0.1) return [...value, value[place]];
    return value.map((one, index) => (index === place ? mutate(random, one) : one));
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && random() < 0.93) {
    const names = Object.keys(value).filter((name) => Reflect.get(value, name) !== undefined);
    if (names.length > 0) {
      const name = pick(random, names);
      const { [name]: old, ...others } = value as Readonly<Record<string, Json>>;
      if (random() < 0.1) return others;
      return random() < 0.05 ? { ...others, [`${name}x`]: old } : { ...others, [name]: mutate(random, old) };
    }
  }
  return pick(random, JUNK);
};

const META = aNotification(aChange(aValue({ contacts: [aContact()], messages: [aMessage()], statuses: [aStatus()] })));
const CALLBACKS = [anInbound({ text_message: { text: 'Hello' } }), aReceipt()];
const SENDS = [
  { channel: 'support', to: '+4915112345678', content: { type: 'text', text: 'Hello' } },
  { channel: 'support', to: '+4915112345678', content: aTemplateContent() },
  { channel: 'support-sinch', to: 'DE.4000000000000001', content: { type: 'location', latitude: 1, longitude: 2 } },
];
const CONSENT = { state: 'opted_in', source: 'website', actor: 'customer', effectiveAt: '2026-11-01T00:00:00Z' };

interface Case {
  readonly answer: Answered;
  /** Whether the answer is one that it must never be. */
  readonly isFault: boolean;
  readonly input: string;
}

const isServerFault = ({ status }: Answered): boolean => status >= 500;

/** One byte of a text changed. */
const flipped = (random: Random, text: string): string => {
  const place = Math.floor(random() * text.length);
  const other = String.fromCharCode(33 + ((text.charCodeAt(place) - 33 + 1 + Math.floor(random() * 90)) % 94));
  // Hexadecimal digits have no case.
  return other.toLowerCase() === text[place]?.toLowerCase()
    ? `${text}0`
    : text.slice(0, place) + other + text.slice(place + 1);
};

/** Delivers a webhook whose signature is another body's, or is changed itself. */
const forge = async (random: Random, world: World): Promise<Case> => {
  const of = world.of('fuzz');
  const isMeta = random() < 0.5;
  const body = JSON.stringify(isMeta ? META : pick(random, CALLBACKS));
  const timestamp = String(Math.floor(world.now().getTime() / 1000));
  const signed = isMeta
    ? { 'x-hub-signature-256': signMeta(body, metaSecrets.appSecrets[0]) }
    : { ...sinchHeaders(Buffer.from(body), SINCH_SECRETS.webhookSecrets[0] ?? '', { nonce: 'nonce', timestamp }) };
  const changesBody = random() < 0.5;
  const name = pick(
    random,
    Object.keys(signed).filter((header) => !header.endsWith('algorithm')),
  );
  const headers = changesBody ? signed : { ...signed, [name]: flipped(random, String(Reflect.get(signed, name))) };
  const account = isMeta ? 'shop-meta' : 'care-sinch';
  const answer = await of.post(account, { headers, body: changesBody ? flipped(random, body) : body });
  return { answer, isFault: answer.status < 400 || isServerFault(answer), input: `${body} ${JSON.stringify(headers)}` };
};

const tryOne = async (random: Random, world: World, index: number): Promise<Case> => {
  const of = world.of('fuzz');
  const kind = pick(random, ['forgery', 'meta', 'meta', 'sinch', 'send', 'consent'] as const);
  if (kind === 'forgery') return forge(random, world);
  const given = { meta: META, sinch: pick(random, CALLBACKS), send: pick(random, SENDS), consent: CONSENT }[kind];
  let input = mutate(random, given);
  while (random() < 0.4) input = mutate(random, input);
  const call = {
    meta: () => of.meta('shop-meta', input),
    sinch: () => of.sinch('care-sinch', input),
    send: () => of.send(input, `key ${index}`),
    consent: () => of.changeConsent('support', '+4915112345678', input),
  }[kind];
  const answer = await call();
  return { answer, isFault: isServerFault(answer), input: `${kind} ${JSON.stringify(input)}` };
};

export interface Fuzzed {
  readonly inputs: number;
  /** By the status of the answer. */
  readonly answers: ReadonlyMap<number, number>;
  readonly faults: readonly string[];
}

/** Sends changed webhooks, forged webhooks and changed calls: no forgery is accepted, and nothing fails in the service. */
export const fuzz = async (seed: number, inputs: number): Promise<Fuzzed> => {
  const random = createRandom(seed);
  const world = createWorld(BOTH_PROVIDERS);
  const restore = virtualize({ random, fetch: world.fetch });
  const answers = new Map<number, number>();
  const faults: string[] = [];
  try {
    world.setNow(new Date('2026-11-20T12:00:00.000Z'));
    await world.registerTemplate();
    const state = world.save();
    for (let index = 0; index < inputs; index += 1) {
      // What is stored stays small.
      if (index % 50 === 0) world.restore(state);
      const { answer, isFault, input } = await tryOne(random, world, index);
      answers.set(answer.status, (answers.get(answer.status) ?? 0) + 1);
      if (isFault) faults.push(`${answer.status}: ${input.slice(0, 2_000)}`);
    }
  } finally {
    restore();
  }
  return { inputs, answers, faults };
};
