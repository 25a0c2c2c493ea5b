import { describe, expect, it } from 'vitest';
import type { BusEntry } from '../../functions/shared/runtime/event-bus.ts';
import { checkEach } from './event-content.ts';
import { checkEvents } from './event-order.ts';
import type { Event } from './history.ts';
import { checkEnds, checkPictures } from './pictures.ts';
import { playInTurn } from './play-in-turn.ts';
import type { World } from './world.ts';

const BASE = { channel: 0, person: 0 } as const;
const EVENTS: readonly Event[] = [
  { ...BASE, at: 0, kind: 'message', id: 1, by: 'user id', text: 'Hello', delay: 60 },
  { ...BASE, at: 1, kind: 'consent', state: 'opted_in' },
  { ...BASE, at: 2, kind: 'message', id: 2, by: 'both', text: 'Hello', delay: 1 },
  { ...BASE, at: 3, kind: 'send', key: 1, isTemplate: false, by: 'number' },
];

/** Two names are linked, a consent is known, a window is open and an answer was sent. */
const aWorld = () => playInTurn(EVENTS);

type Published = readonly BusEntry[];

const publish = (world: World, changes: (published: Published) => Published): void => {
  const state = world.save();
  world.restore({ ...state, published: changes(state.published) });
};

const without =
  (...types: readonly string[]) =>
  (published: Published): Published =>
    published.filter(({ detailType }) => !types.includes(detailType));

/** Changes the detail of each event of a type. */
const edit =
  (type: string, changes: (detail: Detail) => object) =>
  (published: Published): Published =>
    published.map((event) =>
      event.detailType === type ? { ...event, detail: JSON.stringify(changes(JSON.parse(event.detail))) } : event,
    );

interface Detail {
  readonly sessionId?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const withData = (data: object) => (detail: Detail) => ({ ...detail, data: { ...detail.data, ...data } });

/** The old owner opted in and has a window; the new one wrote before, and has neither of these. */
const NEW_OWNER: readonly Event[] = [
  { ...BASE, at: 7_200, kind: 'message', id: 3, by: 'new owner', text: 'Hello', delay: 1 },
];

/** As they were published before a number's new owner began with an event. */
const withoutOwnNames = (published: Published): Published =>
  published.filter(({ detailType, detail }) => {
    const { customer, data } = JSON.parse(detail);
    return detailType !== 'customer.identified' || data.name !== customer;
  });

describe('what a consumer of the events knows', () => {
  it.each<readonly [string, (published: Published) => Published]>([
    ['whom a name leads to', without('customer.identified')],
    ['the end of a window', without('session.opened', 'message.received', 'customer.identified')],
    ['the end of a window', edit('message.received', withData({ window: undefined }))],
    ['a consent', without('consent.changed')],
    ['when a consent took effect', edit('consent.changed', withData({ effectiveAt: '2026-11-28T11:00:00.000Z' }))],
    ['a message', without('message.received')],
    ['a message', edit('message.received', withData({ content: { type: 'text', text: 'Good bye' } }))],
    ['a status', edit('message.status', withData({ status: 'accepted' }))],
  ])('differs from what the API shows: %s', async (what, plant) => {
    const { world, of, diary } = await aWorld();
    expect(await checkPictures(world, of, diary)).toEqual([]);

    publish(world, plant);

    expect(await checkPictures(world, of, diary)).toContainEqual(expect.stringContaining(`events: ${what} is`));
  });

  it.each<readonly [string, (published: Published) => Published]>([
    ['the end of a window', withoutOwnNames],
    ['a consent', withoutOwnNames],
    ['a consent', edit('customer.identified', withData({ consent: undefined }))],
    ['the end of a window', edit('customer.identified', ({ sessionId: _, ...detail }) => detail)],
  ])('differs where a number has a new owner: %s', async (what, plant) => {
    const { world, of, diary } = await playInTurn([...EVENTS, ...NEW_OWNER]);
    expect(await checkPictures(world, of, diary)).toEqual([]);

    publish(world, plant);

    expect(await checkPictures(world, of, diary)).toContainEqual(expect.stringContaining(`events: ${what} is`));
  });

  it('shows that a session has ended without an event', async () => {
    const { world } = await aWorld();

    expect(checkEnds(world)).toContain('events: a session has ended, and no event says so');
  });
});

describe('an event by itself', () => {
  it.each<readonly [string, string, (detail: Detail) => object]>([
    ['is not as its schema says', 'message.received', ({ data }) => ({ data })],
    ['is not sufficient by itself', 'message.received', withData({ window: undefined })],
    ['is not sufficient by itself', 'message.status', withData({ status: 'sent', providerMessageId: undefined })],
    ['is not sufficient by itself', 'message.status', withData({ status: 'failed' })],
    ['is not sufficient by itself', 'session.opened', withData({ expiresAt: '2026-11-28T12:00:00.000Z' })],
    ['is not sufficient by itself', 'customer.identified', withData({ names: [] })],
  ])('%s: %s', async (fault, type, changes) => {
    const { world, diary } = await aWorld();
    expect(checkEach(world, diary)).toEqual([]);

    publish(world, edit(type, changes));

    expect(checkEach(world, diary)).toContain(`events: a ${type} ${fault}`);
  });

  it('has two contents', async () => {
    const { world, diary } = await aWorld();

    publish(world, (published) => [...published, ...edit('consent.changed', withData({ version: 7 }))(published)]);

    expect(checkEach(world, diary)).toEqual(['events: one id of consent.changed has two contents']);
  });
});

const [OPENED, CLOSING, CLOSED] = ['session.opened', 'session.closing', 'session.closed'];
const EXPIRED = { reason: 'expired', expiresAt: '2026-11-29T12:00:00.000Z' };
const LATER = { expiresAt: '2026-11-29T13:00:00.000Z' };

/** Events of sessions or of a message, as they were published one after the other. */
const publishOnly = (world: World, events: readonly (readonly [string | undefined, string, object])[]): void =>
  publish(world, () =>
    events.map(([detailType = '', sessionId, data], index) => ({
      id: `evt_${index}`,
      time: world.now(),
      detailType,
      detail: JSON.stringify({ channel: 'support', customer: '+49151', sessionId, data }),
    })),
  );

describe('the order of the events of one item', () => {
  it.each<readonly [string, Parameters<typeof publishOnly>[1]]>([
    [
      'sent of a message follows delivered',
      [
        ['message.status', '', { messageId: 'msg_1', status: 'delivered' }],
        ['message.status', '', { messageId: 'msg_1', status: 'sent' }],
      ],
    ],
    [
      'accepted of a message follows failed',
      [
        ['message.status', '', { messageId: 'msg_1', status: 'failed' }],
        ['message.status', '', { messageId: 'msg_1', status: 'accepted' }],
      ],
    ],
    [
      'a session is opened after its end',
      [
        [CLOSING, '1', EXPIRED],
        [OPENED, '1', EXPIRED],
        [CLOSED, '1', EXPIRED],
      ],
    ],
    [
      'a session goes on after its end',
      [
        [OPENED, '1', EXPIRED],
        [CLOSED, '1', EXPIRED],
        [CLOSING, '1', EXPIRED],
      ],
    ],
    [
      'an end is announced twice',
      [
        [OPENED, '1', EXPIRED],
        [CLOSING, '1', EXPIRED],
        [CLOSING, '1', EXPIRED],
      ],
    ],
    [
      'an end is announced after a later one',
      [
        [OPENED, '1', EXPIRED],
        [CLOSING, '1', LATER],
        [CLOSING, '1', EXPIRED],
      ],
    ],
    [
      'a session is closed whose end was not announced',
      [
        [OPENED, '1', EXPIRED],
        [CLOSING, '1', EXPIRED],
        [CLOSED, '1', { ...EXPIRED, ...LATER }],
      ],
    ],
    [
      'a session is opened before the one before is closed',
      [
        [OPENED, '1', EXPIRED],
        [OPENED, '2', LATER],
        [CLOSING, '1', EXPIRED],
        [CLOSED, '1', EXPIRED],
        [CLOSING, '2', LATER],
        [CLOSED, '2', { ...EXPIRED, ...LATER }],
      ],
    ],
  ])('goes back: %s', async (fault, events) => {
    const { world } = await aWorld();

    publishOnly(world, events);

    expect(checkEvents(world, [])).toContain(`events: ${fault}`);
  });

  it('begins anew after a failure that released the key', async () => {
    const { world } = await aWorld();
    const statuses = [{ status: 'accepted' }, { status: 'failed', released: true }, { status: 'accepted' }] as const;

    publishOnly(
      world,
      statuses.map((one) => ['message.status', '', { messageId: 'msg_1', ...one }]),
    );

    expect(checkEvents(world, [])).toEqual([]);
  });
});
