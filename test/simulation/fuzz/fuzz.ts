import { anEvent } from '../../support/events.ts';
import { aMessage } from '../../support/meta.ts';
import { anInbound } from '../../support/sinch.ts';
import { aTemplateContent } from '../../support/templates.ts';
import { createRandom, virtualize } from '../virtual.ts';
import { callTargets, type Known } from './calls.ts';
import { META } from './corpus.ts';
import { cpuOf, createCosts } from './cost.ts';
import { pick, type Random } from './mutate.ts';
import { queueTargets } from './queues.ts';
import type { Input, Outcome, Target } from './target.ts';
import { webhookTargets } from './webhooks.ts';
import { createFuzzWorld, type FuzzWorld } from './world.ts';

const PHONE = '+4915112345678';
const NOW = new Date('2026-11-20T12:00:00.000Z');
const SEND = 'POST /v1/messages';

const aSend = (channel: string, content: object = { type: 'text', text: 'Hello' }) => ({ channel, to: PHONE, content });

const send = ({ call }: Pick<FuzzWorld, 'call'>, key: string, body: object) =>
  call(SEND, anEvent(SEND, { headers: { 'idempotency-key': key }, body: JSON.stringify(body) }));

/** A cursor of each list that has more than one page. */
const cursorsOf = async ({ call }: FuzzWorld): Promise<readonly string[]> => {
  const path = { channel: 'support', customer: PHONE };
  const lists = [
    'customers/{customer}/messages',
    'customers/{customer}/events',
    'customers/{customer}/export',
    'sessions',
  ];
  const pages = await Promise.all(
    lists.map((list) => {
      const routeKey = `GET /v1/channels/{channel}/${list}`;
      return call(routeKey, anEvent(routeKey, { path, query: { limit: '1' } }));
    }),
  );
  return pages.flatMap(({ body }) => JSON.parse(body)['next'] ?? []);
};

/** A customer on two channels, who has written and was answered. */
const furnish = async (fuzzed: FuzzWorld): Promise<Known> => {
  const { world } = fuzzed;
  const timestamp = String(NOW.getTime() / 1000 - 60);
  world.setNow(NOW);
  await world.registerTemplate();
  const of = world.of('fuzz');
  for (const id of ['wamid.1', 'wamid.2'])
    await of.meta(
      'shop-meta',
      JSON.parse(
        JSON.stringify(META[0]).replace(JSON.stringify(aMessage()), JSON.stringify(aMessage({ id, timestamp }))),
      ),
    );
  await of.sinch(
    'care-sinch',
    anInbound({ text_message: { text: 'Hello' } }, {}, { event_time: '2026-11-20T11:59:00Z' }),
  );
  const sent = [
    await send(fuzzed, 'first', aSend('support')),
    await send(fuzzed, 'second', { ...aSend('support-sinch'), clientReference: 'order-1' }),
    await send(fuzzed, 'third', aSend('support', aTemplateContent())),
  ];
  const ids = sent.map(({ body }) => String(JSON.parse(body)['id']));
  return {
    channel: ['support', 'support', 'support-sinch'],
    customer: [PHONE, PHONE.slice(1), 'DE.4000000000000001', '+4915112345679'],
    id: [...ids, 'wamid.1'],
    limit: ['1', '2', '100'],
    cursor: await cursorsOf(fuzzed),
    since: ['2026-11-20T00:00:00Z', '2026-11-20T12:00:00.5+02:00'],
    until: ['2026-11-21T00:00:00Z'],
    closingWithin: ['60', '86400'],
    month: ['2026-11', '2026-10'],
    clientReference: ['order-1'],
    status: ['in_doubt'],
    redirect: ['true', 'false'],
    'Idempotency-Key': ['first', '"first"', 'a new one', 'k'.repeat(255)],
    'If-Match': ['"0"', '"1"', '1', '*', '"1", "2"'],
  };
};

const providerCalls = (random: Random, fuzzed: Pick<FuzzWorld, 'call'>): (() => Promise<unknown>) => {
  const channel = pick(random, ['support', 'support-sinch']);
  if (random() < 0.3) {
    const routeKey = 'POST /v1/channels/{channel}/templates/sync';
    return () => fuzzed.call(routeKey, anEvent(routeKey, { path: { channel } }));
  }
  const body = random() < 0.3 ? aSend(channel, aTemplateContent()) : aSend(channel);
  return () => send(fuzzed, `answered ${random()}`, body);
};

/** The parts of all inputs that are webhooks, messages of queues and answers, and calls of the API. */
const SHARES = { webhooks: 0.45, queues: 0.2 };

const chooseFrom = (fuzzed: FuzzWorld, known: Known): ((random: Random) => Target) => {
  const webhooks = webhookTargets(fuzzed);
  const queues = queueTargets(fuzzed, providerCalls);
  const calls = callTargets(fuzzed, known);
  return (random) => {
    const chance = random();
    if (chance < SHARES.webhooks) return pick(random, webhooks);
    return pick(random, chance < SHARES.webhooks + SHARES.queues ? queues : calls);
  };
};

/** What stays in the table until it is emptied to what it was. */
const INPUTS_PER_STATE = 50;
const REPEATS = 6;

const outcomeOf = ({ judge }: Input, sent: unknown): Outcome => judge(sent);

const attempt = async (input: Input) => {
  const { result, milliseconds } = await cpuOf(() =>
    input.send().then(
      (value) => ({ value }),
      (fault: unknown) => ({ fault }),
    ),
  );
  const outcome: Outcome =
    'fault' in result
      ? { answer: 'thrown', fault: result.fault instanceof Error ? result.fault.stack : String(result.fault) }
      : outcomeOf(input, result.value);
  return { outcome, milliseconds };
};

export interface Fuzzed {
  readonly inputs: number;
  /** By target, then by the answer. */
  readonly answers: ReadonlyMap<string, ReadonlyMap<number | string, number>>;
  readonly faults: readonly string[];
  /** Inputs that cost too much once. */
  readonly suspected: number;
  /** Those that cost too much each time. */
  readonly slow: readonly string[];
}

const count = (answers: Map<string, Map<number | string, number>>, target: string, answer: number | string): void => {
  const ofTarget = answers.get(target) ?? new Map<number | string, number>();
  answers.set(target, ofTarget.set(answer, (ofTarget.get(answer) ?? 0) + 1));
};

/**
 * Sends changed, forged and odd inputs to everything that takes some from outside: none is accepted wrongly, none fails in
 * the service, and none costs fifty times what others of its kind and length do.
 */
export const fuzz = async (seed: number, inputs: number): Promise<Fuzzed> => {
  const random = createRandom(seed);
  const restore = virtualize({ random: createRandom(seed + 1), fetch: (request) => fuzzed.fetch(request) });
  // Its pauses are those of the simulation.
  const fuzzed = createFuzzWorld();
  const answers = new Map<string, Map<number | string, number>>();
  const faults: string[] = [];
  const slow: string[] = [];
  let suspected = 0;
  try {
    const choose = chooseFrom(fuzzed, await furnish(fuzzed));
    const state = fuzzed.world.save();
    const costs = createCosts();
    let before: Input[] = [];
    let requests = 0;
    const restart = (): void => {
      fuzzed.world.restore(state);
      fuzzed.takeFault();
      fuzzed.world.watch({ request: () => (requests += 1) });
    };
    /** The least that an input costs in the state in which it came, or the first cost within the limit. */
    const repeatedCost = async (input: Input, limit: number): Promise<number> => {
      let least = Number.POSITIVE_INFINITY;
      for (let repeat = 0; repeat < REPEATS && least > limit; repeat += 1) {
        restart();
        for (const earlier of before) await attempt(earlier);
        least = Math.min(least, (await attempt(input)).milliseconds);
      }
      return least;
    };
    for (let index = 0; index < inputs; index += 1) {
      if (index % INPUTS_PER_STATE === 0) {
        restart();
        before = [];
      }
      const target = choose(random);
      const input = target.make(random);
      requests = 0;
      const { outcome, milliseconds } = await attempt(input);
      const { answer, fault } = outcome;
      count(answers, target.name, answer);
      if (fault !== undefined) faults.push(`${target.name}: ${answer}: ${fault}: ${input.text.slice(0, 2_000)}`);
      const limit = costs.limitOf({ target: target.name, answer, requests, bytes: input.bytes }, milliseconds);
      if (milliseconds > limit) {
        suspected += 1;
        const least = await repeatedCost(input, limit);
        if (least > limit)
          slow.push(`${target.name}: ${answer}: ${least} of ${limit} ms: ${input.text.slice(0, 2_000)}`);
      }
      before.push(input);
    }
  } finally {
    restore();
  }
  return { inputs, answers, faults, suspected, slow };
};
