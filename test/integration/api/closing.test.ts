import { beforeEach, describe, expect, it } from 'vitest';
import { encodeCursor } from '../../../functions/sessions-api/cursor.ts';
import { CustomerKey } from '../../../functions/shared/domain/customer.ts';
import { anArrival, CHANNEL, NOON_SECONDS, secondsAfterNoon } from '../../support/arrivals.ts';
import { aStoredSession, putAll } from '../../support/closing.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { aConfig, aService, type TestService } from '../../support/service.ts';
import { aTable, type TestTable } from '../../support/table.ts';

const DAY = 86_400;
const HOUR = 3_600;
const ROUTE = 'GET /v1/channels/{channel}/sessions';

let table: TestTable;
let service: TestService;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
  service = aService(table, aConfig('http://127.0.0.1:9'));
});

const named = (number: number) => CustomerKey.parse(`+1650555${String(1_000 + number)}`);
const writes = (customer: CustomerKey, seconds: number) =>
  table.store.recordInbound(
    anArrival({ at: secondsAfterNoon(seconds), identities: { phone: customer }, id: `wamid.${seconds}` }),
  );
const list = (query: Record<string, string> = {}, channel = CHANNEL) =>
  service.route(ROUTE, { path: { channel }, query });

interface Page {
  readonly sessions: readonly { readonly customer: string }[];
  readonly next?: string;
}
const pageOf = async (query: Record<string, string>): Promise<Page> => (await list(query)).body as unknown as Page;

/** Lets the customer write once the index has shown the window's present place, before the session is read. */
const writesWhileRead = (customer: CustomerKey, seconds: number) => {
  let hasWritten = false;
  table.client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      if (!hasWritten && JSON.stringify(answer.output).includes(customer)) {
        hasWritten = true;
        await table
          .peer()
          .recordInbound(
            anArrival({ at: secondsAfterNoon(seconds), identities: { phone: customer }, id: 'wamid.again' }),
          );
      }
      return answer;
    },
    { step: 'initialize', name: 'write' },
  );
};

/** What a window in a list has beside those of the window alone; nothing is known of these customers. */
const LISTED = { profile: null, lastAnswerAt: null };

describe('GET sessions', () => {
  it('shows the windows that end within the hour, soonest first, each as it is answered alone', async () => {
    await writes(named(1), 2_000);
    await writes(named(2), 100);
    await writes(named(3), HOUR + 1);
    service.setNow(secondsAfterNoon(DAY));

    const { status, body } = await list();

    const alone = [await service.session(CHANNEL, named(2)), await service.session(CHANNEL, named(1))];
    expect({ status, body }).toEqual({
      status: 200,
      body: { sessions: alone.map((answer) => ({ ...answer.body, ...LISTED })) },
    });
    expect(alone[0]?.body).toMatchObject({ state: 'open', remainingSeconds: 100, allowed: ['session', 'template'] });
  });

  it('reaches as far as it is asked to', async () => {
    await writes(named(1), 60);
    await writes(named(2), 61);
    service.setNow(secondsAfterNoon(DAY));

    const { sessions } = await pageOf({ closingWithin: '60' });

    expect(sessions.map(({ customer }) => customer)).toEqual([named(1)]);
  });

  it('goes on where the page before ended', async () => {
    for (const number of [0, 1, 2, 3, 4]) await writes(named(number), number * 40);
    service.setNow(secondsAfterNoon(DAY - 600));

    const first = await pageOf({ limit: '2' });
    const second = await pageOf({ limit: '2', cursor: first.next ?? '' });
    const third = await pageOf({ limit: '2', cursor: second.next ?? '' });

    const names = [first, second, third].map(({ sessions }) => sessions.map(({ customer }) => customer));
    expect(names.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(names.flat().toSorted()).toEqual([0, 1, 2, 3, 4].map(named));
    expect(third).not.toHaveProperty('next');
  });

  it.each([
    ['one step', 0],
    ['several steps, of which a later one finds it again', 200],
  ])(
    'closing-list-duplicates: shows a customer once who writes meanwhile, where the index is read in %s',
    async (_, others) => {
      await writes(named(1), 60);
      const further = Array.from({ length: others }, (__, index) => named(index + 2));
      await putAll(
        table,
        further.map((customer) => aStoredSession({ channel: CHANNEL, customer, expiresAt: NOON_SECONDS + DAY + 120 })),
      );
      service.setNow(secondsAfterNoon(DAY));
      writesWhileRead(named(1), DAY);

      const found: { readonly customer: string }[] = [];
      let page: Page | undefined;
      do {
        page = await pageOf({ closingWithin: String(DAY), limit: '100', ...(page?.next && { cursor: page.next }) });
        found.push(...page.sessions);
      } while (page.next !== undefined);

      expect(found.map(({ customer }) => customer).toSorted()).toEqual([named(1), ...further]);
      expect(found.at(-1)).toMatchObject({ customer: named(1), expiresAt: secondsAfterNoon(2 * DAY).toISOString() });
    },
  );

  it('shows no more than what is open now', async () => {
    await writes(named(1), 0);
    await writes(named(2), 10);
    await writes(named(3), 20);
    service.setNow(secondsAfterNoon(DAY));
    await service.sweep();
    await writes(named(2), DAY);
    await service.erase(CHANNEL, named(3));

    expect(await list()).toMatchObject({ status: 200, body: { sessions: [] } });
  });

  it.each([
    ['closingWithin', '0'],
    ['closingWithin', '-5'],
    ['closingWithin', '86401'],
    ['closingWithin', '1.5'],
    ['closingWithin', 'soon'],
    ['closingWithin', ''],
    ['limit', '0'],
    ['limit', '101'],
    ['cursor', 'abc'],
    ['cursor', encodeCursor('MSG#1795165200000#wamid.1')],
    ['cursor', encodeCursor(`1795165200#+${'1'.repeat(257)}`)],
    ['cursor', encodeCursor('1795165200#')],
  ])('is refused naming %s when that is %j', async (path, value) => {
    expect(await list({ [path]: value })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', nextAction: 'fix_request', errors: [{ path }] },
    });
    expect(table.wire.commands).toEqual([]);
  });

  it('says what closingWithin takes', async () => {
    expect((await list({ closingWithin: 'soon' })).body).toMatchObject({
      errors: [{ path: 'closingWithin', message: 'must be whole seconds from 1 to 86400 (one day)' }],
    });
  });

  it('is refused for a channel that does not exist', async () => {
    expect(await list({}, 'sales')).toMatchObject({ status: 404, body: { code: 'unknown_channel' } });
  });
});
