import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { CustomerKey } from '../../../../functions/shared/domain/customer.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, NOON_SECONDS, secondsAfterNoon } from '../../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../../support/endpoint.ts';
import { aTable, type TestTable } from '../../../support/table.ts';

const DAY = 86_400;
const USER = CustomerKey.parse('US.13491208655302741918');
const OTHER_NUMBER = CustomerKey.parse('+16505559999');
const OTHER_USER = CustomerKey.parse('US.20000000000000000002');
const pk = (name: string) => `CUSTOMER#${CHANNEL}#${name}`;

const aSession = (name: string, sessionId: string, at: number) => ({
  pk: pk(name),
  sk: 'SESSION',
  sessionId,
  openedAt: at,
  lastInboundAt: at,
  expiresAt: at + DAY,
  phase: 'open',
  dueBucket: `session#${CHANNEL}#${Math.floor((at + DAY) / 300) * 300}#0`,
});
const aMessage = (name: string, second: number, more: object = {}) => ({
  pk: pk(name),
  sk: `MSG#${(NOON_SECONDS + second) * 1000}#wamid.${second}`,
  direction: 'inbound',
  id: `wamid.${second}`,
  at: (NOON_SECONDS + second) * 1000,
  receivedAt: (NOON_SECONDS + second) * 1000,
  content: '{"type":"text","text":"Hello"}',
  window: { sessionId: 'ses_w', state: 'open', expiresAt: NOON_SECONDS + second + DAY },
  expiresAt: NOON_SECONDS + 30 * DAY,
  ...more,
});
const consent = (state: string, second: number) => ({
  consent: { state, effectiveAt: NOON_SECONDS + second, source: 'website', actor: 'test' },
  consentVersion: 1,
});

/** What the release before stored of a customer whose number and user id it had linked for usage alone. */
const ITEMS = [
  aSession(CUSTOMER, 'ses_w', NOON_SECONDS),
  {
    pk: pk(CUSTOMER),
    sk: 'CUSTOMER',
    phone: CUSTOMER,
    userId: USER,
    lastOpenedAt: NOON_SECONDS,
    ...consent('opted_in', 0),
  },
  aMessage(CUSTOMER, 0, { userId: USER }),
  { pk: pk(CUSTOMER), sk: `CONSENT#${NOON_SECONDS}#a`, id: 'a', scope: 'all', ...consent('opted_in', 0).consent },
  { pk: pk(CUSTOMER), sk: `PAST#${NOON_SECONDS - 5 * DAY}`, sessionId: 'ses_0', lastInboundAt: 1 },
  aSession(USER, 'ses_u', NOON_SECONDS + 10),
  {
    pk: pk(USER),
    sk: 'CUSTOMER',
    phone: CUSTOMER,
    userId: USER,
    countedAs: CUSTOMER,
    lastOpenedAt: NOON_SECONDS + 10,
    ...consent('opted_out', 20),
  },
  aMessage(USER, 10),
  { pk: pk(USER), sk: `CONSENT#${NOON_SECONDS + 20}#b`, id: 'b', scope: 'all', ...consent('opted_out', 20).consent },
] as const;

let table: TestTable;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
  for (const Item of ITEMS) await table.documents.send(new PutCommand({ TableName: table.tableName, Item }));
});

const load = (name: CustomerKey) => table.store.loadCustomer(CHANNEL, name);
const loadForSend = (customer: CustomerKey) => table.store.loadSendState({ channel: CHANNEL, customer, templates: [] });
const ids = async (customer: CustomerKey) =>
  (await table.store.readThread({ channel: CHANNEL, customer, limit: 10 })).messages.map(({ id }) => id);

describe('what the release before stored', () => {
  it('is read as it is, each name for itself', async () => {
    expect(await load(CUSTOMER)).toMatchObject({
      session: { sessionId: 'ses_w' },
      record: { consent: { state: 'opted_in' } },
    });
    expect(await load(USER)).toMatchObject({
      session: { sessionId: 'ses_u' },
      record: { consent: { state: 'opted_out' } },
    });
    expect([await ids(CUSTOMER), await ids(USER)]).toEqual([['wamid.0'], ['wamid.10']]);
  });

  it.each([CUSTOMER, USER])('sends nothing under %s after an opt-out of either name', async (name) => {
    expect(await loadForSend(name)).toMatchObject({ customer: name, record: { consent: { state: 'opted_out' } } });
  });

  it('is linked by the next message with both names, and extended by it', async () => {
    const identities = { phone: CUSTOMER, userId: USER };

    await table.store.recordInbound(anArrival({ at: secondsAfterNoon(60), id: 'wamid.60', identities }));

    expect(await load(USER)).toMatchObject({
      customer: CUSTOMER,
      session: { sessionId: 'ses_u', lastInboundAt: NOON_SECONDS + 60 },
    });
  });

  it('links no customer whose record names another one', async () => {
    const stolen = { ...ITEMS[1], userId: OTHER_USER };
    await table.documents.send(new PutCommand({ TableName: table.tableName, Item: stolen }));

    expect(await loadForSend(CUSTOMER)).toMatchObject({
      customer: CUSTOMER,
      record: { consent: { state: 'opted_in' } },
    });
    expect((await load(USER)).customer).toBe(USER);
  });

  it('is listed, counted, announced and closed where only the index of that release has it', async () => {
    const now = secondsAfterNoon(DAY - 60);
    const soon = { channel: CHANNEL, now, withinSeconds: 3_600 };
    const named = (seconds: number) => ({ closingLeadSeconds: 3_600, now: secondsAfterNoon(seconds) });

    expect((await table.store.listClosing({ ...soon, limit: 1 })).sessions.map(({ customer }) => customer)).toEqual([
      CUSTOMER,
    ]);
    expect((await table.store.listClosing({ ...soon, limit: 10 })).sessions.map(({ customer }) => customer)).toEqual([
      CUSTOMER,
      USER,
    ]);
    expect(await table.store.countClosing(soon)).toBe(2);
    const sweep = {
      kind: 'exact',
      channel: CHANNEL,
      since: NOON_SECONDS + DAY - 60,
      until: NOON_SECONDS + DAY + 60,
    } as const;
    const { keys } = await table.store.findDue(sweep);
    expect((await table.store.setPhases(keys, named(DAY - 60))).map(({ phase }) => phase)).toEqual([
      'closing',
      'closing',
    ]);
    expect((await table.store.setPhases(keys, named(DAY + 60))).map(({ phase }) => phase)).toEqual([
      'closed',
      'closed',
    ]);
    expect(await table.store.countClosing(soon)).toBe(0);
  });

  it('enters both indexes at once when a late message moves it after its end', async () => {
    const identities = { phone: OTHER_NUMBER, userId: USER };
    const now = secondsAfterNoon(DAY + 600);

    await table.store.recordInbound(anArrival({ at: secondsAfterNoon(-60), now, id: 'wamid.late', identities }));

    expect(await table.read({ pk: pk(OTHER_NUMBER), sk: 'SESSION' })).toMatchObject({
      sessionId: 'ses_u',
      dueAt: NOON_SECONDS + DAY + 600,
      dueBucket: expect.stringContaining(`session#${CHANNEL}#${NOON_SECONDS + DAY + 600}#`),
    });
  });

  it('finds what this release writes in the index of the one before, at the end that each message leaves', async () => {
    await table.store.recordInbound(anArrival({ at: secondsAfterNoon(600), id: 'wamid.600' }));

    expect(await table.read({ pk: pk(CUSTOMER), sk: 'SESSION' })).toMatchObject({
      dueBucket: expect.stringMatching(new RegExp(`^session#${CHANNEL}#${NOON_SECONDS + DAY + 600}#[0-3]$`)),
      dueAt: NOON_SECONDS + DAY + 600,
    });
  });

  it.each([CUSTOMER, USER])('is erased under both names, asked for by %s', async (customer) => {
    await table.store.eraseCustomer({ channel: CHANNEL, customer, channels: [CHANNEL], now: NOON, goOn: () => true });

    const left = JSON.stringify(await table.scan());
    for (const name of [CUSTOMER, USER]) expect(left).not.toContain(name);
  });
});
