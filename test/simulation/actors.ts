import { CHANNEL_DEFAULTS } from '../../functions/shared/domain/config.ts';
import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import { aChange, aMessage, aNotification, aStatus, aValue } from '../support/meta.ts';
import { aTemplateContent } from '../support/templates.ts';
import { type Answered, type Containers, toStreamRecord } from './service.ts';
import type { World, WorldState } from './world.ts';

const ACCOUNT = 'shop-meta';
export const CHANNEL = 'support';
const NUMBER = CustomerKey.parse('+4915112345678');
const USER_ID = CustomerKey.parse('DE.4000000000000001');

/** The moment at which the actors meet. */
export const NOW = new Date('2026-11-20T12:00:00.000Z');
const SECOND = NOW.getTime() / 1000;
const MINUTE = 60;
const HOUR = 3_600;
const { closingLeadSeconds: CLOSING_LEAD } = CHANNEL_DEFAULTS;
const before = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000);

interface Sender {
  readonly from?: string | undefined;
  readonly from_user_id?: string | undefined;
}

const BY_NUMBER: Sender = { from: NUMBER.slice(1), from_user_id: undefined };
const BY_USER_ID: Sender = { from: undefined, from_user_id: USER_ID };
const BY_BOTH: Sender = { from: NUMBER.slice(1), from_user_id: USER_ID };

const post = (containers: Containers, value: object): Promise<Answered> =>
  containers.meta(ACCOUNT, aNotification(aChange(aValue({ ...value }))));

const write = (containers: Containers, sender: Sender, message: { id: string; at: number; text?: string }) =>
  post(containers, {
    messages: [
      aMessage({
        ...sender,
        id: message.id,
        timestamp: String(message.at),
        text: { body: message.text ?? 'Is my order on its way?' },
      }),
    ],
  });

const reportStatus = (containers: Containers, world: World, status: object) => {
  const sent = world.accepted().at(-1);
  if (sent === undefined) throw new Error('no message was sent before');
  const report = aStatus({
    recipient_id: NUMBER.slice(1),
    id: sent.id,
    biz_opaque_callback_data: sent.reference,
    timestamp: String(SECOND - 1),
    ...status,
  });
  return post(containers, { statuses: [report] });
};

const TEXT = { channel: CHANNEL, to: NUMBER, content: { type: 'text', text: 'It is on its way.' } };
const TEMPLATE = { channel: CHANNEL, to: NUMBER, content: aTemplateContent() };

const OPT_IN = { state: 'opted_in', source: 'website', actor: 'customer' };
const OPT_OUT = { state: 'opted_out', source: 'call centre', actor: 'agent:1' };

/** What happens at a step of the story, by the service's own code. */
export interface Actor {
  readonly name: string;
  /** How far the clock of its container is ahead of the others; negative where it is behind. @default - 0 */
  readonly aheadMs?: number;
  /** Resolves to whether the caller is answered: one who is not repeats the call. */
  readonly run: (containers: Containers, world: World) => Promise<boolean>;
}

export const isStored = (answer: Promise<Answered>): Promise<boolean> => answer.then(({ status }) => status === 200);
/** A caller repeats what failed in the service or did not reach the provider, and what is still running. */
export const isDecided = (answer: Promise<Answered>): Promise<boolean> =>
  answer.then(({ status, body }) => ![500, 503].includes(status) && body['code'] !== 'idempotency_in_progress');

/** Delivers what the stream holds; it goes on once every record is processed. */
export const deliver = async (containers: Containers, world: World): Promise<boolean> => {
  const changes = [...world.undrained()];
  if (changes.length === 0) return true;
  const isProcessed = await containers.stream(changes.map(toStreamRecord)).then(
    ({ batchItemFailures }) => batchItemFailures.length === 0,
    () => false,
  );
  if (isProcessed) world.advance(changes);
  return isProcessed;
};

/** What the stream writes itself comes back in it. */
const MOST_ROUNDS = 50;

/** Delivers until the stream is empty. */
export const drain = async (containers: Containers, world: World): Promise<void> => {
  for (let rounds = 0; world.undrained().length > 0; rounds += 1)
    if (rounds === MOST_ROUNDS || !(await deliver(containers, world))) throw new Error('the stream does not drain');
};

export const ACTORS: readonly Actor[] = [
  { name: 'inbound', run: (of) => isStored(write(of, BY_NUMBER, { id: 'wamid.IN', at: SECOND - 5 })) },
  { name: 'session send', run: (of) => isDecided(of.send(TEXT, 'session')) },
  { name: 'template send', run: (of) => isDecided(of.send(TEMPLATE, 'template')) },
  { name: 'delivered', run: (of, world) => isStored(reportStatus(of, world, { status: 'delivered' })) },
  {
    name: 'failed',
    run: (of, world) =>
      isStored(reportStatus(of, world, { status: 'failed', errors: [{ code: 131026, title: 'no' }] })),
  },
  {
    name: 'window closed',
    run: (of, world) =>
      isStored(reportStatus(of, world, { status: 'failed', errors: [{ code: 131047, title: 'no' }] })),
  },
  { name: 'STOP', run: (of) => isStored(write(of, BY_NUMBER, { id: 'wamid.STOP', at: SECOND - 3, text: 'STOP' })) },
  {
    name: 'consent by API',
    run: (of) => isStored(of.changeConsent(CHANNEL, NUMBER, { ...OPT_OUT, effectiveAt: before(2).toISOString() })),
  },
  {
    name: 'sweep',
    run: (of) =>
      of.sweep().then(
        () => true,
        () => false,
      ),
  },
  { name: 'stream', run: deliver },
  { name: 'merge', run: (of) => isStored(write(of, BY_BOTH, { id: 'wamid.BOTH', at: SECOND - 4 })) },
  { name: 'erase', run: (of) => isStored(of.erase(CHANNEL, NUMBER)) },
];

/** Who meets others in stories of their own. */
export const RARE_ACTORS = {
  byUserId: {
    name: 'inbound by user id',
    run: (of) => isStored(write(of, BY_USER_ID, { id: 'wamid.ID', at: SECOND - 5 })),
  },
  byLateClock: {
    name: 'inbound by a clock that is late',
    aheadMs: -2_000,
    run: (of) => isStored(write(of, BY_NUMBER, { id: 'wamid.LATE', at: SECOND - 5 })),
  },
  offer: {
    name: 'template send of marketing',
    run: (of) => isDecided(of.send({ ...TEMPLATE, content: aTemplateContent({ name: 'offers' }) }, 'offer')),
  },
  lateMerge: {
    name: 'late message that merges',
    run: (of) => isStored(write(of, BY_BOTH, { id: 'wamid.LATE', at: SECOND - 25 * HOUR })),
  },
  stopOffers: {
    name: 'STOP of marketing',
    run: (of) => isStored(write(of, BY_NUMBER, { id: 'wamid.OFF', at: SECOND - 3, text: 'Stop promotions' })),
  },
} as const satisfies Readonly<Record<string, Actor>>;

/** Runs what has to succeed before the story. */
const must = async (step: Promise<boolean>): Promise<void> => {
  if (!(await step)) throw new Error('the story could not be set up');
};

type Prepare = (of: Containers, world: World) => Promise<void>;

/** A window that ended long ago, which the sweep has closed. */
const endLongAgo: Prepare = async (of, world) => {
  const opened = 30 * HOUR;
  world.setNow(before(opened));
  await must(isStored(write(of, BY_NUMBER, { id: 'wamid.W', at: SECOND - opened })));
  world.setNow(before(5 * HOUR));
  await of.sweep();
  await drain(of, world);
};

/** What is known before the actors meet, under both names of the customer. */
const STORIES: Readonly<Record<string, Prepare>> = {
  /** A window is open under each name, and an answer was sent. */
  open: async (of, world) => {
    world.setNow(before(2 * HOUR));
    await must(isStored(write(of, BY_USER_ID, { id: 'wamid.U', at: SECOND - 2 * HOUR })));
    await drain(of, world);
    world.setNow(before(HOUR));
    await must(isStored(write(of, BY_NUMBER, { id: 'wamid.W', at: SECOND - HOUR })));
    world.setNow(before(10 * MINUTE));
    await must(isDecided(of.send(TEXT, 'before')));
  },
  /** The window has just ended, after an answer; the sweep has announced it. */
  ended: async (of, world) => {
    const opened = 24 * HOUR + MINUTE;
    world.setNow(before(opened));
    await must(isStored(write(of, BY_NUMBER, { id: 'wamid.W', at: SECOND - opened })));
    world.setNow(before(3 * HOUR));
    await must(isStored(write(of, BY_USER_ID, { id: 'wamid.U', at: SECOND - 3 * HOUR })));
    await drain(of, world);
    world.setNow(before(10 * MINUTE));
    await must(isDecided(of.send(TEXT, 'before')));
  },
  /** The window has ended long ago, and a template has used the slot. */
  reengaged: async (of, world) => {
    await endLongAgo(of, world);
    world.setNow(before(10 * MINUTE));
    await must(isDecided(of.send(TEMPLATE, 'before')));
  },
  /** A window is open, and nothing is known of the customer's consent. */
  unknown: async (of, world) => {
    world.setNow(before(HOUR));
    await must(isStored(write(of, BY_NUMBER, { id: 'wamid.W', at: SECOND - HOUR })));
  },
  /** The window has ended long ago, and its item was removed. */
  removed: async (of, world) => {
    await endLongAgo(of, world);
    world.expire();
    await drain(of, world);
  },
  /** The end of the window is to be announced since a minute ago. */
  closing: async (of, world) => {
    const opened = 24 * HOUR - CLOSING_LEAD + MINUTE;
    world.setNow(before(opened));
    await must(isStored(write(of, BY_NUMBER, { id: 'wamid.W', at: SECOND - opened })));
  },
  /** The window ended a second ago. */
  'just ended': async (of, world) => {
    const opened = 24 * HOUR + 1;
    world.setNow(before(opened));
    await must(isStored(write(of, BY_NUMBER, { id: 'wamid.W', at: SECOND - opened })));
  },
  /** The window under the user id ended ten minutes ago, and the sweep has paused since before. */
  unswept: async (of, world) => {
    const opened = 24 * HOUR + 10 * MINUTE;
    world.setNow(before(opened));
    await must(isStored(write(of, BY_USER_ID, { id: 'wamid.U', at: SECOND - opened })));
    world.setNow(before(12 * MINUTE));
    await of.sweep();
  },
};
export const STORY_NAMES = Object.keys(STORIES);

/** The world before the actors meet: swept two minutes ago unless the sweep pauses, with changes that the stream has not delivered. */
export const prepare = async (world: World, story: string): Promise<WorldState> => {
  const of = world.of('before');
  world.setNow(before(50 * HOUR));
  await world.registerTemplate();
  if (story !== 'unknown') await must(isStored(of.changeConsent(CHANNEL, NUMBER, OPT_IN)));
  await STORIES[story]?.(of, world);
  world.setNow(before(2 * MINUTE));
  if (story !== 'unswept') await of.sweep();
  world.setNow(NOW);
  return world.save();
};
