import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { CustomerKey } from '../../../../functions/shared/domain/customer.ts';
import { customerKey, messageKey, sessionKey } from '../../../../functions/shared/store/keys.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, NOON_SECONDS, secondsAfterNoon } from '../../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../../support/endpoint.ts';
import { aTable, type TestTable } from '../../../support/table.ts';

const DAY = 86_400;
const session = sessionKey(CHANNEL, CUSTOMER);
const customer = customerKey(CHANNEL, CUSTOMER);

let table: TestTable;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
});

const arrive = (options: Parameters<typeof anArrival>[0] = {}) => table.store.recordInbound(anArrival(options));

describe('a message of the customer', () => {
  it('opens a session that ends 24 hours after the provider says it was written, and is that item’s TTL', async () => {
    const recorded = await arrive({ at: NOON, now: secondsAfterNoon(40) });

    expect(recorded).toEqual({ isNew: true, window: 'opened', skewed: false });
    expect(await table.read(session)).toMatchObject({
      sessionId: expect.stringMatching(/^ses_/),
      openedAt: NOON_SECONDS,
      lastInboundAt: NOON_SECONDS,
      expiresAt: NOON_SECONDS + DAY,
      phase: 'open',
      dueShard: expect.stringMatching(/^session#support#[0-3]$/),
      dueAt: NOON_SECONDS + DAY,
    });
    expect(await table.read(customer)).toMatchObject({ phone: CUSTOMER, lastOpenedAt: NOON_SECONDS });
  });

  it('restarts an open session and keeps its id and its openedAt', async () => {
    await arrive();
    const before = await table.read(session);

    const recorded = await arrive({ at: secondsAfterNoon(3600) });

    expect(recorded.window).toBe('extended');
    expect(await table.read(session)).toMatchObject({
      sessionId: before?.['sessionId'],
      openedAt: NOON_SECONDS,
      lastInboundAt: NOON_SECONDS + 3600,
      expiresAt: NOON_SECONDS + 3600 + DAY,
    });
  });

  it('floors the provider’s time to whole seconds', async () => {
    await arrive({ at: new Date(NOON.getTime() + 999), now: secondsAfterNoon(2) });

    expect(await table.read(session)).toMatchObject({ expiresAt: NOON_SECONDS + DAY });
  });

  it('costs exactly two writes, no read and no transaction in the steady state', async () => {
    await arrive();
    table.wire.reset();

    await arrive({ at: secondsAfterNoon(10) });

    expect(table.wire.commands).toEqual(['UpdateItem', 'PutItem']);
  });

  it('costs the same two writes when it is a redelivery', async () => {
    await arrive();
    table.wire.reset();

    expect(await arrive()).toEqual({ isNew: false, window: 'unchanged', skewed: false });
    expect(table.wire.commands).toEqual(['UpdateItem', 'PutItem']);
  });

  it('opens a session of its own after the last one has ended', async () => {
    await arrive();
    const before = await table.read(session);

    const recorded = await arrive({ at: secondsAfterNoon(DAY) });

    expect(recorded.window).toBe('opened');
    const after = await table.read(session);
    expect(after).toMatchObject({ openedAt: NOON_SECONDS + DAY, expiresAt: NOON_SECONDS + 2 * DAY });
    expect(after?.['sessionId']).not.toBe(before?.['sessionId']);
  });

  it('extends the session that it reaches one second before the end', async () => {
    await arrive();

    expect((await arrive({ at: secondsAfterNoon(DAY - 1) })).window).toBe('extended');
  });

  it('is recorded and opens nothing when it arrives 24 hours late, but counts for the re-engagement slot', async () => {
    const recorded = await arrive({ at: NOON, now: secondsAfterNoon(DAY) });

    expect(recorded).toEqual({ isNew: true, window: 'too_late', skewed: false });
    expect(await table.read(session)).toBeUndefined();
    expect(await table.read(customer)).toMatchObject({ lastOpenedAt: NOON_SECONDS });
  });

  it('is recorded and leaves the window alone when its kind does not open a session', async () => {
    await arrive();
    const before = await table.read(session);
    table.wire.reset();

    const recorded = await arrive({ at: secondsAfterNoon(60), opens: false, id: 'wamid.reaction' });

    expect(recorded).toEqual({ isNew: true, window: 'does_not_open', skewed: false });
    expect(await table.read(session)).toEqual(before);
    expect(table.wire.commands).toEqual(['PutItem']);
  });

  it('keeps any content, however deep or large, without being refused by the table', async () => {
    const deep = JSON.parse('['.repeat(60) + ']'.repeat(60)) as unknown;
    const message = { type: 'raw', kind: 'hologram', raw: { deep, number: 1e300, huge: 'x'.repeat(600_000) } } as const;

    expect((await arrive({ content: message, id: 'wamid.huge' })).isNew).toBe(true);
    const key = messageKey({ channel: CHANNEL, customer: CUSTOMER, atMs: NOON.getTime(), id: 'wamid.huge' });
    expect(JSON.parse(String((await table.read(key))?.['content']))).toEqual({
      type: 'raw',
      kind: 'hologram',
      tooLargeBytes: expect.any(Number),
    });
  });

  it('leaves the message for 30 days from its arrival', async () => {
    await arrive({ at: NOON, now: secondsAfterNoon(60), id: 'wamid.kept' });

    const key = messageKey({ channel: CHANNEL, customer: CUSTOMER, atMs: NOON.getTime(), id: 'wamid.kept' });
    expect(await table.read(key)).toMatchObject({ expiresAt: NOON_SECONDS + 60 + 30 * DAY });
  });
});

describe('a timestamp that runs ahead', () => {
  const ahead = secondsAfterNoon(1_000);

  it('is believed up to 300 seconds', async () => {
    expect((await arrive({ at: secondsAfterNoon(300), now: NOON })).skewed).toBe(false);
    expect(await table.read(session)).toMatchObject({ lastInboundAt: NOON_SECONDS + 300 });
  });

  it('counts as the moment of its first arrival beyond that', async () => {
    expect(await arrive({ at: ahead, now: NOON })).toEqual({ isNew: true, window: 'opened', skewed: true });
    expect(await table.read(session)).toMatchObject({ lastInboundAt: NOON_SECONDS, expiresAt: NOON_SECONDS + DAY });
  });

  it.each([
    ['while its time is still to come', 10],
    ['when its time has nearly come', 900],
    ['when its time has passed', 5_000],
    ['when the session it opened has ended', DAY + 500],
  ])('counts so too when it is delivered again %s', async (_, later) => {
    await arrive({ at: ahead, now: NOON });

    const again = await arrive({ at: ahead, now: secondsAfterNoon(later) });

    expect(again.isNew).toBe(false);
    expect(await table.read(session)).toMatchObject({ lastInboundAt: NOON_SECONDS, expiresAt: NOON_SECONDS + DAY });
  });

  it('counts so too in a session that others had opened before', async () => {
    await arrive();
    await arrive({ at: secondsAfterNoon(5_000), now: secondsAfterNoon(10), id: 'wamid.ahead' });

    await arrive({ at: secondsAfterNoon(5_000), now: secondsAfterNoon(6_000), id: 'wamid.ahead' });

    expect(await table.read(session)).toMatchObject({ lastInboundAt: NOON_SECONDS + 10 });
  });

  it('does not hold up ordinary messages of that time', async () => {
    await arrive({ at: ahead, now: NOON });

    await arrive({ at: secondsAfterNoon(500) });
    await arrive({ at: secondsAfterNoon(1_500) });

    expect(await table.read(session)).toMatchObject({ lastInboundAt: NOON_SECONDS + 1_500 });
  });
});

describe('marks on the session', () => {
  const mark = (UpdateExpression: string, values: Record<string, unknown>) =>
    table.documents.send(
      new UpdateCommand({
        TableName: table.tableName,
        Key: { ...session },
        UpdateExpression,
        ExpressionAttributeValues: values,
      }),
    );

  it('opens a new session when the provider has said that this one is closed', async () => {
    await arrive();
    const before = await table.read(session);
    await mark('SET providerClosedFor = :at', { ':at': NOON_SECONDS });

    expect((await arrive({ at: secondsAfterNoon(60) })).window).toBe('opened');
    const after = await table.read(session);
    expect(after?.['sessionId']).not.toBe(before?.['sessionId']);
    expect(after).not.toHaveProperty('providerClosedFor');
  });

  it('opens a new session when the sweep has closed this one', async () => {
    await arrive();
    await mark('SET phase = :closed', { ':closed': 'closed' });

    expect((await arrive({ at: secondsAfterNoon(60) })).window).toBe('opened');
  });

  it('remembers a template that was sent after the message that opens it, until the customer writes after that', async () => {
    await table.documents.send(
      new PutCommand({
        TableName: table.tableName,
        Item: { ...customer, slotUsedAt: NOON_SECONDS + 30, slotHolders: new Set(['msg_1']) },
      }),
    );

    await arrive({ at: NOON, now: secondsAfterNoon(60) });
    expect(await table.read(session)).toMatchObject({ slotUsedAt: NOON_SECONDS + 30 });

    await arrive({ at: secondsAfterNoon(20), now: secondsAfterNoon(61) });
    expect(await table.read(session)).toMatchObject({
      slotUsedAt: NOON_SECONDS + 30,
      lastInboundAt: NOON_SECONDS + 20,
    });

    await arrive({ at: secondsAfterNoon(70) });
    expect(await table.read(session)).not.toHaveProperty('slotUsedAt');
    expect(await table.read(customer)).toMatchObject({ lastOpenedAt: NOON_SECONDS + 70 });
  });

  it('follows a customer who was moved, and leaves the message where its own identity lives', async () => {
    const target = CustomerKey.parse('US.13491208655302741918');
    await table.documents.send(new PutCommand({ TableName: table.tableName, Item: { ...session, movedTo: target } }));

    expect((await arrive({ id: 'wamid.moved' })).window).toBe('opened');

    expect(await table.read(sessionKey(CHANNEL, target))).toMatchObject({ lastInboundAt: NOON_SECONDS });
    expect(await table.read(session)).toMatchObject({ movedTo: target });
    const key = messageKey({ channel: CHANNEL, customer: CUSTOMER, atMs: NOON.getTime(), id: 'wamid.moved' });
    expect(await table.read(key)).toMatchObject({ id: 'wamid.moved' });
  });
});

describe('customers known by a user id alone', () => {
  it('get a session under that id', async () => {
    const userId = CustomerKey.parse('US.13491208655302741918');

    await arrive({ identities: { userId } });

    expect(await table.read(sessionKey(CHANNEL, userId))).toMatchObject({ expiresAt: NOON_SECONDS + DAY });
    expect(await table.read(customerKey(CHANNEL, userId))).toMatchObject({ userId });
  });
});

describe('the window that is stored with a message', () => {
  const windowOf = async (id: string, at: Date) =>
    (await table.read(messageKey({ channel: CHANNEL, customer: CUSTOMER, atMs: at.getTime(), id })))?.['window'];
  const sessionId = async () => (await table.read(session))?.['sessionId'];
  const endAfter = (seconds: number) => NOON_SECONDS + seconds + DAY;

  it('is the one that it opens', async () => {
    await arrive({ id: 'wamid.first' });

    const window = { sessionId: await sessionId(), state: 'open', expiresAt: endAfter(0) };
    expect(await windowOf('wamid.first', NOON)).toEqual(window);
  });

  it('is the one that it extends, whatever comes later', async () => {
    await arrive({ id: 'wamid.first' });
    await arrive({ at: secondsAfterNoon(60), id: 'wamid.second' });
    await arrive({ at: secondsAfterNoon(120), id: 'wamid.third' });

    const window = { sessionId: await sessionId(), state: 'open', expiresAt: endAfter(60) };
    expect(await windowOf('wamid.second', secondsAfterNoon(60))).toEqual(window);
  });

  it('is the end that is known where a newer message has come before', async () => {
    await arrive({ at: secondsAfterNoon(60), id: 'wamid.newer' });
    await arrive({ id: 'wamid.older' });

    const window = { sessionId: await sessionId(), state: 'open', expiresAt: endAfter(60) };
    expect(await windowOf('wamid.older', NOON)).toEqual(window);
  });

  it('is closed and has no session where the message comes too late', async () => {
    await arrive({ now: secondsAfterNoon(2 * DAY), id: 'wamid.late' });

    expect(await windowOf('wamid.late', NOON)).toEqual({ state: 'closed', expiresAt: endAfter(0) });
  });

  it('has no id where a message from the future opens it', async () => {
    const at = secondsAfterNoon(3_600);
    await arrive({ at, now: NOON, id: 'wamid.ahead' });

    expect(await windowOf('wamid.ahead', at)).toEqual({ state: 'open', expiresAt: endAfter(0) });
  });

  it('is none where the message opens nothing by its kind', async () => {
    await arrive({ opens: false, id: 'wamid.reaction' });

    expect(await windowOf('wamid.reaction', NOON)).toBeUndefined();
  });
});

describe('a message of a customer of whom an item cannot be read', () => {
  it.each([
    ['session', session, { phase: 'ajar', expiresAt: NOON_SECONDS + DAY }],
    ['record', customer, { lastOpenedAt: 'yesterday' }],
  ])('is stored, fails, and opens its window once the %s is repaired', async (_, key, broken) => {
    await table.documents.send(new PutCommand({ TableName: table.tableName, Item: { ...key, ...broken } }));

    for (const id of ['wamid.kept', 'wamid.kept', 'wamid.next']) await expect(arrive({ id })).rejects.toThrow();

    const messages = (await table.scan()).filter(({ sk }) => String(sk).startsWith('MSG#'));
    expect(messages.map(({ id }) => id).toSorted((one, other) => String(one).localeCompare(String(other)))).toEqual([
      'wamid.kept',
      'wamid.next',
    ]);
    await table.documents.send(new DeleteCommand({ TableName: table.tableName, Key: { ...key } }));
    expect(await arrive({ id: 'wamid.kept' })).toEqual({ isNew: false, window: 'opened', skewed: false });
    expect(await table.read(session)).toMatchObject({ expiresAt: NOON_SECONDS + DAY });
  });
});
