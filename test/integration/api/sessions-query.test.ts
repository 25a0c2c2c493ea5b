import { beforeEach, describe, expect, it } from 'vitest';
import { anArrival, CUSTOMER, secondsAfterNoon } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { aConfig, aService, type TestService } from '../../support/service.ts';
import { aTable, type TestTable } from '../../support/table.ts';

const NOBODY = '+16505559999';

let table: TestTable;
let service: TestService;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
  service = aService(table, aConfig('http://127.0.0.1:9'));
});

const query = (body: unknown, channel = 'support') =>
  service.route('POST /v1/channels/{channel}/sessions/query', { path: { channel }, body: JSON.stringify(body) });

/** What a window in a list has beside those of the window alone; nothing is known of these customers. */
const LISTED = { profile: null, lastAnswerAt: null };

describe('POST sessions/query', () => {
  it('answers with the windows in the order asked, each as it is answered alone', async () => {
    await table.store.recordInbound(anArrival());
    service.setNow(secondsAfterNoon(60));

    const { status, body } = await query({ customers: [NOBODY, CUSTOMER.slice(1), NOBODY] });

    const [open, closed] = [await service.session('support', CUSTOMER), await service.session('support', NOBODY)];
    expect(open.body).toMatchObject({ customer: CUSTOMER, state: 'open' });
    expect({ status, body }).toEqual({
      status: 200,
      body: { sessions: [closed, open, closed].map(({ body: window }) => ({ ...window, ...LISTED })) },
    });
  });

  it('costs two reads for a hundred customers', async () => {
    const customers = Array.from({ length: 100 }, (_, index) => `+1650555${2_000 + index}`);

    const { body } = await query({ customers });

    expect((body['sessions'] as { customer: string }[]).map(({ customer }) => customer)).toEqual(customers);
    expect(table.wire.commands).toEqual(['BatchGetItem', 'BatchGetItem']);
  });

  it.each([
    [{ customers: [CUSTOMER, NOBODY, CUSTOMER, 'not me'] }, 'customers.3'],
    [{ customers: [7] }, 'customers.0'],
    [{ customers: [] }, 'customers'],
    [{ customers: Array.from({ length: 101 }, () => CUSTOMER) }, 'customers'],
    [{}, 'customers'],
    [{ customers: [CUSTOMER], limit: 1 }, 'limit'],
  ])('is refused with the path of what is wrong: %j', async (body, path) => {
    expect(await query(body)).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ path }] } });
    expect(table.wire.commands).toEqual([]);
  });

  it('is refused for a channel that does not exist', async () => {
    expect(await query({ customers: [CUSTOMER] }, 'sales')).toMatchObject({
      status: 404,
      body: { code: 'unknown_channel' },
    });
  });
});
