import { beforeEach, describe, expect, it } from 'vitest';
import { anArrival, CUSTOMER, NOON, secondsAfterNoon } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { aConfig, aService, type TestService } from '../../support/service.ts';
import { aTable, type TestTable } from '../../support/table.ts';

const PATH = '/v1/channels/{channel}/customers/{customer}/consent';
const OPT_IN = {
  state: 'opted_in',
  source: 'website',
  actor: 'customer',
  text: 'Yes, Shop may write to me on WhatsApp',
  categories: ['orders', 'delivery'],
};

let table: TestTable;
let service: TestService;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
  service = aService(table, aConfig('http://127.0.0.1:9'));
});

const of = { channel: 'support', customer: CUSTOMER };
const get = (path: Record<string, string> = of) => service.route(`GET ${PATH}`, { path });
const put = (body: unknown, path: Record<string, string> = of, headers: Record<string, string> = {}) =>
  service.route(`PUT ${PATH}`, { path, headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
const putIfMatch = (body: unknown, version: string) => put(body, of, { 'if-match': version });

describe('PUT consent', () => {
  it('answers what holds now, with its provenance, at the service’s own time', async () => {
    service.setNow(new Date(NOON.getTime() + 999));

    expect(await put(OPT_IN)).toMatchObject({
      status: 200,
      body: {
        ...OPT_IN,
        updatedAt: NOON.toISOString(),
        version: 1,
        history: [{ ...OPT_IN, scope: 'all', effectiveAt: NOON.toISOString() }],
      },
    });
    expect((await get()).body).toEqual((await put(OPT_IN)).body);
  });

  it('shows what was not told as null', async () => {
    const told = { state: 'opted_out', source: 'call centre', actor: 'agent-7' };

    expect((await put(told)).body).toEqual({
      names: [{ name: CUSTOMER, kind: 'number', since: null, learnedFrom: null }],
      customer: CUSTOMER,
      ...told,
      text: null,
      categories: null,
      updatedAt: NOON.toISOString(),
      version: 1,
      history: [{ ...told, scope: 'all', text: null, categories: null, effectiveAt: NOON.toISOString() }],
    });
  });

  it('counts once when it is repeated in the same second, and again when it is said again later', async () => {
    await put(OPT_IN);
    expect((await put(OPT_IN)).body).toMatchObject({ version: 1, history: [{ state: 'opted_in' }] });

    service.setNow(secondsAfterNoon(1));
    const again = (await put(OPT_IN)).body;

    expect(again).toMatchObject({ version: 2, updatedAt: secondsAfterNoon(1).toISOString() });
    expect(again['history']).toHaveLength(2);
    expect(service.log.counts).toMatchObject({ ConsentsChanged: 2 });
  });

  it('of the same second is what is stricter', async () => {
    await put({ ...OPT_IN, state: 'opted_out' });

    expect((await put(OPT_IN)).body).toMatchObject({
      state: 'opted_out',
      history: expect.objectContaining({ length: 2 }),
    });
  });

  it('shows in the window at once', async () => {
    await table.store.recordInbound(anArrival());
    await put({ ...OPT_IN, state: 'opted_out' });

    expect((await service.session('support', CUSTOMER)).body).toMatchObject({
      consent: { state: 'opted_out' },
      allowed: [],
    });
  });

  it('costs two writes and a query, and the first one of a customer another write', async () => {
    await put(OPT_IN);
    expect(table.wire.commands).toEqual(['PutItem', 'UpdateItem', 'TransactWriteItems', 'Query']);
    table.wire.reset();
    await put({ ...OPT_IN, actor: 'another' });

    expect(table.wire.commands).toEqual(['PutItem', 'UpdateItem', 'Query']);
  });

  it.each([
    ['source', { ...OPT_IN, source: undefined }, 'is required'],
    ['actor', { ...OPT_IN, actor: undefined }, 'is required'],
    ['source', { ...OPT_IN, source: ' ' }, expect.any(String)],
    ['actor', { ...OPT_IN, actor: '' }, expect.any(String)],
    ['state', { ...OPT_IN, state: 'unknown' }, expect.any(String)],
    ['state', { ...OPT_IN, state: undefined }, expect.any(String)],
    ['text', { ...OPT_IN, text: 7 }, expect.any(String)],
    ['text', { ...OPT_IN, text: 'x'.repeat(2_001) }, expect.any(String)],
    ['categories.1', { ...OPT_IN, categories: ['orders', ''] }, expect.any(String)],
    ['effectiveAt', { ...OPT_IN, effectiveAt: 1 }, expect.stringContaining('ISO 8601')],
    ['effectiveAt', { ...OPT_IN, effectiveAt: 'yesterday' }, expect.stringContaining('ISO 8601')],
    ['effectiveAt', { ...OPT_IN, effectiveAt: '2026-02-30T09:00:00Z' }, expect.stringContaining('ISO 8601')],
    ['effectiveAt', { ...OPT_IN, effectiveAt: '2026-11-20T09:00:00' }, expect.stringContaining('ISO 8601')],
    ['effectiveAt', { ...OPT_IN, effectiveAt: '1969-12-31T23:59:59Z' }, 'is before 1970'],
    [
      'effectiveAt',
      { ...OPT_IN, effectiveAt: new Date(NOON.getTime() + 1).toISOString() },
      expect.stringContaining('is in the future'),
    ],
    ['at', { ...OPT_IN, at: 1 }, 'is not a known field'],
  ])('is refused with the name of the field that is wrong: %s', async (path, body, message) => {
    expect(await put(body)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', nextAction: 'fix_request', errors: [{ path, message }] },
    });
    expect(table.wire.commands).toEqual([]);
  });

  it('is refused when it is no JSON, or names no customer', async () => {
    expect(await put('{"state":')).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(await put(OPT_IN, { ...of, customer: 'not me' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'customer' }] },
    });
    expect(await put(OPT_IN, { ...of, channel: 'sales' })).toMatchObject({
      status: 404,
      body: { code: 'unknown_channel' },
    });
  });
});

describe('PUT consent with effectiveAt', () => {
  const given = secondsAfterNoon(-86_400);

  it('takes effect when it was given, to the second, in any time zone', async () => {
    const effectiveAt = `${given.toISOString().slice(0, 19)}.900Z`;

    expect(await put({ ...OPT_IN, effectiveAt })).toMatchObject({
      status: 200,
      body: { state: 'opted_in', updatedAt: given.toISOString(), history: [{ effectiveAt: given.toISOString() }] },
    });
    const elsewhere = new Date(given.getTime() + 3_600_000).toISOString().replace('Z', '+01:00');
    expect((await put({ ...OPT_IN, effectiveAt: elsewhere })).body).toMatchObject({ version: 1 });
    expect((await put({ ...OPT_IN, effectiveAt: NOON.toISOString() })).status).toBe(200);
  });

  it('enters the history alone when what is in force is newer, and says so', async () => {
    await put({ ...OPT_IN, state: 'opted_out' });

    const { status, body } = await put({ ...OPT_IN, effectiveAt: given.toISOString() });

    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        state: 'opted_out',
        outcome: 'older',
        version: 1,
        history: [{ state: 'opted_out' }, { state: 'opted_in', effectiveAt: given.toISOString() }],
      },
    });
    expect((await get()).body).not.toHaveProperty('outcome');
  });

  it('is recorded once, whenever it is repeated', async () => {
    await put({ ...OPT_IN, effectiveAt: given.toISOString() });
    service.setNow(secondsAfterNoon(60));

    expect((await put({ ...OPT_IN, effectiveAt: given.toISOString() })).body).toMatchObject({
      version: 1,
      history: { length: 1 },
    });
  });
});

describe('PUT consent with If-Match', () => {
  it('records while the version is the one that was read, and answers the new one', async () => {
    expect((await get()).headers).toMatchObject({ etag: '"0"' });

    expect(await putIfMatch(OPT_IN, '"0"')).toMatchObject({
      status: 200,
      headers: { etag: '"1"' },
      body: { ...OPT_IN, updatedAt: NOON.toISOString(), version: 1, history: [{ ...OPT_IN, scope: 'all' }] },
    });
    service.setNow(secondsAfterNoon(1));
    expect(await putIfMatch({ ...OPT_IN, state: 'opted_out' }, '1')).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: { state: 'opted_out', history: [{ state: 'opted_out' }, { state: 'opted_in' }] },
    });
    expect((await get()).headers).toMatchObject({ etag: '"2"' });
    expect(service.log.counts).toMatchObject({ ConsentsChanged: 2 });
  });

  it.each(['"0"', '"2"', '"0", "2"'])('records nothing when the version is another: %s', async (version) => {
    await put(OPT_IN);
    service.setNow(secondsAfterNoon(60));

    expect(await putIfMatch({ ...OPT_IN, state: 'opted_out' }, version)).toMatchObject({
      status: 412,
      body: {
        code: 'precondition_failed',
        nextAction: 'fix_request',
        detail: expect.stringContaining('version 1'),
      },
    });
    expect((await get()).body).toMatchObject({ state: 'opted_in', version: 1, history: { length: 1 } });
  });

  it.each(['"0", "1"', '*'])('takes several versions, or any: %s', async (version) => {
    await put(OPT_IN);
    service.setNow(secondsAfterNoon(60));

    expect(await putIfMatch({ ...OPT_IN, state: 'opted_out' }, version)).toMatchObject({ body: { version: 2 } });
  });

  it('adds an older change to the history alone', async () => {
    await put({ ...OPT_IN, state: 'opted_out' });

    const older = { ...OPT_IN, effectiveAt: secondsAfterNoon(-60).toISOString() };

    expect((await putIfMatch(older, '"1"')).body).toMatchObject({
      state: 'opted_out',
      outcome: 'older',
      version: 1,
      history: { length: 2 },
    });
    expect((await putIfMatch(older, '"1"')).body).not.toHaveProperty('outcome');
  });

  it('lets one of several that were decided on one version win', async () => {
    const states = ['opted_in', 'opted_out', 'opted_in', 'opted_out'];
    const answers = await Promise.all(
      states.map((state, index) => putIfMatch({ ...OPT_IN, state, actor: `agent-${index}` }, '"0"')),
    );

    expect(answers.map(({ status }) => status).toSorted((one = 0, other = 0) => one - other)).toEqual([
      200, 412, 412, 412,
    ]);
    expect((await get()).body).toMatchObject({ version: 1, history: { length: 1 } });
  });

  it.each(['', 'W/"1"', '"one"', '"1'])('is refused when it is no version: %j', async (version) => {
    expect(await putIfMatch(OPT_IN, version)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ path: 'If-Match' }] },
    });
    expect(table.wire.commands).toEqual([]);
  });
});

describe('GET consent', () => {
  it('of a customer who never said anything is unknown', async () => {
    expect(await get()).toMatchObject({ status: 200 });
    expect((await get()).body).toEqual({
      names: [{ name: CUSTOMER, kind: 'number', since: null, learnedFrom: null }],
      customer: CUSTOMER,
      state: 'unknown',
      source: null,
      actor: null,
      text: null,
      categories: null,
      updatedAt: null,
      version: 0,
      history: [],
    });
  });

  it('takes the customer with or without +', async () => {
    await put(OPT_IN, { ...of, customer: CUSTOMER.slice(1) });

    expect((await get()).body).toMatchObject({ state: 'opted_in' });
  });

  it('is one of each channel', async () => {
    await put(OPT_IN);

    expect((await get({ ...of, channel: 'support-sinch' })).body).toMatchObject({ state: 'unknown' });
  });
});
