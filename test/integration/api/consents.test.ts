import { beforeEach, describe, expect, it } from 'vitest';
import { createSessionsApi } from '../../../functions/sessions-api/sessions-api.ts';
import { anArrival, CUSTOMER, NOON, secondsAfterNoon } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { anEvent } from '../../support/events.ts';
import { aConfig, aService, type TestService } from '../../support/service.ts';
import { aTable, type TestTable } from '../../support/table.ts';

const ROUTE = 'PUT /v1/channels/{channel}/consents';
const GIVEN = secondsAfterNoon(-86_400).toISOString();
const OTHER = '+15550001111';
const aRow = (overrides: Record<string, unknown> = {}) => ({
  customer: CUSTOMER,
  state: 'opted_in',
  source: 'crm',
  actor: 'import',
  effectiveAt: GIVEN,
  ...overrides,
});

let table: TestTable;
let service: TestService;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
  service = aService(table, aConfig('http://127.0.0.1:9'));
});

/** Calls the route with another stopwatch: the one of a busy machine would leave rows for a repeat. */
const putTimed = async (body: unknown, elapsed: () => number, channel = 'support') => {
  const api = createSessionsApi({ ...service.runtime, elapsed });
  const answer = await api(anEvent(ROUTE, { path: { channel }, body: JSON.stringify(body) }));
  return { status: answer.statusCode, body: JSON.parse(answer.body ?? '') as Record<string, unknown> };
};
const put = (body: unknown, channel?: string) => putTimed(body, () => 0, channel);
const importRows = async (...consents: readonly unknown[]) => (await put({ consents })).body['consents'];
const outcomesOf = async (...rows: readonly unknown[]) =>
  ((await importRows(...rows)) as readonly { outcome: string }[]).map(({ outcome }) => outcome);
const consentOf = async (customer: string = CUSTOMER, channel = 'support') =>
  (await service.route('GET /v1/channels/{channel}/customers/{customer}/consent', { path: { channel, customer } }))
    .body;

describe('an import of consents', () => {
  it.each(['support', 'support-sinch'])('answers each row in order, and keeps its date, on %s', async (channel) => {
    const row = aRow({ text: 'Yes', categories: ['orders'] });

    expect(
      await put({ consents: [row, aRow({ customer: OTHER.slice(1), state: 'opted_out' })] }, channel),
    ).toMatchObject({
      status: 200,
      body: {
        consents: [
          { customer: CUSTOMER, outcome: 'applied' },
          { customer: OTHER, outcome: 'applied' },
        ],
      },
    });
    expect(await consentOf(CUSTOMER, channel)).toMatchObject({
      state: 'opted_in',
      source: 'crm',
      actor: 'import',
      text: 'Yes',
      categories: ['orders'],
      updatedAt: GIVEN,
      version: 1,
    });
    expect(await consentOf(OTHER, channel)).toMatchObject({ state: 'opted_out' });
    expect(service.log.counts).toMatchObject({ ConsentsChanged: 2 });
  });

  it('does not undo what the customer has said since', async () => {
    await service.route('PUT /v1/channels/{channel}/customers/{customer}/consent', {
      path: { channel: 'support', customer: CUSTOMER },
      body: JSON.stringify({ state: 'opted_out', source: 'phone call', actor: 'agent 7' }),
    });

    expect(await importRows(aRow())).toEqual([{ customer: CUSTOMER, outcome: 'older' }]);
    expect(await consentOf()).toMatchObject({ state: 'opted_out', version: 1, history: { length: 2 } });
  });

  it.each([
    ['dated', {}],
    ['undated', { effectiveAt: undefined }],
  ])('changes nothing when it is repeated later: %s', async (_, overrides) => {
    const rows = [aRow(overrides), aRow({ ...overrides, customer: OTHER })];
    expect(await outcomesOf(...rows)).toEqual(['applied', 'applied']);
    const before = await consentOf();
    service.setNow(secondsAfterNoon(3_600));

    expect(await outcomesOf(...rows)).toEqual(['duplicate', 'duplicate']);
    expect(await consentOf()).toEqual(before);
  });

  it('brings an undated row in force that a crash left in the history alone', async () => {
    table.wire.failAt(2, 'before');
    expect(await outcomesOf(aRow({ effectiveAt: undefined }))).toEqual(['retry_later']);
    service.setNow(secondsAfterNoon(3_600));

    expect(await outcomesOf(aRow({ effectiveAt: undefined }))).toEqual(['applied']);
    expect(await consentOf()).toMatchObject({ updatedAt: NOON.toISOString(), version: 1, history: { length: 1 } });
  });

  it('records the rows of one customer in their order', async () => {
    const at = (second: number) => ({ effectiveAt: secondsAfterNoon(second - 100).toISOString() });

    expect(
      await outcomesOf(
        aRow(at(0)),
        aRow({ ...at(2), state: 'opted_out', customer: CUSTOMER.slice(1) }),
        aRow(at(1)),
        aRow(at(0)),
        aRow(at(3)),
      ),
    ).toEqual(['applied', 'applied', 'older', 'duplicate', 'applied']);
    expect(await consentOf()).toMatchObject({ state: 'opted_in', version: 3, history: { length: 4 } });
  });

  it('answers invalid rows with the path of each mistake, and records the others', async () => {
    expect(
      await importRows(
        aRow({ customer: 'not me' }),
        aRow({ state: 'maybe', note: 'x' }),
        aRow({ effectiveAt: secondsAfterNoon(1).toISOString() }),
        'a row',
        aRow({ customer: OTHER }),
      ),
    ).toEqual([
      { outcome: 'invalid', errors: [{ path: 'customer', message: expect.stringContaining('E.164') }] },
      {
        customer: CUSTOMER,
        outcome: 'invalid',
        errors: [expect.objectContaining({ path: 'state' }), { path: 'note', message: 'is not a known field' }],
      },
      {
        customer: CUSTOMER,
        outcome: 'invalid',
        errors: [{ path: 'effectiveAt', message: expect.stringContaining('is in the future') }],
      },
      { outcome: 'invalid', errors: [{ path: '', message: expect.any(String) }] },
      { customer: OTHER, outcome: 'applied' },
    ]);
  });

  it('takes a thousand rows with long texts, and no more', async () => {
    const text = 'x'.repeat(2_000);
    const rows = (count: number) =>
      Array.from({ length: count }, (_, index) => aRow({ text, state: index % 100 === 0 ? 'opted_in' : 'maybe' }));

    const outcomes = await outcomesOf(...rows(1_000));

    expect(outcomes).toHaveLength(1_000);
    expect(Object.groupBy(outcomes, (outcome) => outcome)).toMatchObject({
      applied: { length: 1 },
      duplicate: { length: 9 },
      invalid: { length: 990 },
    });
    expect(await consentOf()).toMatchObject({ state: 'opted_in', text, version: 1 });
    expect(await put({ consents: rows(1_001) })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'consents' }] },
    });
    expect(await put({ consents: [], padding: 'x'.repeat(4 * 1024 * 1024) })).toMatchObject({
      status: 413,
      body: { code: 'body_too_large', detail: expect.stringContaining('4194304') },
    });
  });

  it('leaves what does not fit into the time of the call for a repeat', async () => {
    let calls = 0;
    // The start, then one look before each row.
    const elapsed = () => (calls++ < 3 ? 0 : 5_000);
    const rows = [aRow(), aRow({ customer: OTHER }), aRow({ customer: '+15550002222' }), aRow({ state: 'opted_out' })];

    expect((await putTimed({ consents: rows }, elapsed)).body).toEqual({
      consents: [
        { customer: CUSTOMER, outcome: 'applied' },
        { customer: OTHER, outcome: 'applied' },
        { customer: '+15550002222', outcome: 'retry_later' },
        { customer: CUSTOMER, outcome: 'retry_later' },
      ],
    });
    expect(await outcomesOf(...rows)).toEqual(['duplicate', 'duplicate', 'applied', 'applied']);
  });

  it('leaves a row for a repeat that a fault has stopped, and the later rows of its customer', async () => {
    table.wire.failAt(0, 'before');

    expect(await outcomesOf(aRow(), aRow({ state: 'opted_out' }))).toEqual(['retry_later', 'retry_later']);
    expect(service.log.lines).toEqual([{ code: 'sessions-api.consent-failed', fields: { channel: 'support' } }]);
    expect(await outcomesOf(aRow(), aRow({ state: 'opted_out' }))).toEqual(['applied', 'applied']);
  });

  it('costs two writes a row, one more for the first of a customer, and for an undated one a query', async () => {
    await put({ consents: [aRow()] });
    expect(table.wire.commands).toEqual(['PutItem', 'UpdateItem', 'TransactWriteItems']);
    table.wire.reset();
    await put({ consents: [aRow({ effectiveAt: undefined })] });
    expect(table.wire.commands).toEqual(['Query', 'PutItem', 'UpdateItem']);
  });

  it('shows in the window', async () => {
    await table.store.recordInbound(anArrival());
    await put({ consents: [aRow({ state: 'opted_out', effectiveAt: undefined })] });

    expect((await service.session('support', CUSTOMER)).body).toMatchObject({ consent: { state: 'opted_out' } });
  });

  it.each([
    [{ consents: [] }, 'consents'],
    [{}, 'consents'],
    [{ rows: [] }, 'rows'],
    [{ consents: {} }, 'consents'],
  ])('is refused as a whole when it is no list of rows: %j', async (body, path) => {
    const answer = await put(body);

    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(answer.body['errors']).toContainEqual(expect.objectContaining({ path }));
    expect(await put({ consents: [aRow()] }, 'sales')).toMatchObject({
      status: 404,
      body: { code: 'unknown_channel' },
    });
  });
});
