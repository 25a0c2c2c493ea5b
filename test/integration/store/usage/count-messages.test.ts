import { beforeEach, describe, expect, it } from 'vitest';
import type { CountedOnce } from '../../../../functions/shared/store/usage/count-messages.ts';
import { CHANNEL, CUSTOMER, NOON } from '../../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../../support/endpoint.ts';
import { aTable, type TestTable } from '../../../support/table.ts';
import { NOVEMBER } from '../../../support/usage.ts';

let table: TestTable;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
});

const aTally = (number: number, counter = 'inbound.text', month = NOVEMBER): CountedOnce => ({
  what: counter.startsWith('price') ? 'price' : 'message',
  by: 1,
  message: { channel: CHANNEL, customer: CUSTOMER, atMs: NOON.getTime(), id: `wamid.${number}` },
  month,
  counter,
});

const many = (count: number) => Array.from({ length: count }, (_, number) => aTally(number));
const count = (...tallies: CountedOnce[]) => table.store.countMessages(tallies, NOON);
const counters = async (month = NOVEMBER) => (await table.store.readUsage({ channel: CHANNEL, month })).counters;

describe('a message', () => {
  it('is counted once, by kind, whatever is delivered again', async () => {
    await count(aTally(1), aTally(1), aTally(2));
    await count(aTally(2), aTally(3, 'session.text'));

    expect(await counters()).toEqual({ 'inbound.text': 2, 'session.text': 1 });
  });

  it('and its price are two counts', async () => {
    await count(aTally(1, 'session.text'));
    await count(aTally(1, 'price.service.regular'));
    await count(aTally(1, 'price.service.regular'), aTally(1, 'session.text'));

    expect(await counters()).toEqual({ 'session.text': 1, 'price.service.regular': 1 });
  });

  it('gives its price back once', async () => {
    const price = aTally(1, 'price.service.regular.paid');
    await count(price, { ...price, what: 'refund', by: -1 });
    await count({ ...price, what: 'refund', by: -1 });

    expect(await counters()).toEqual({ 'price.service.regular.paid': 0 });
  });

  it('counts in its month', async () => {
    await count(aTally(1), aTally(2, 'inbound.text', '2026-10'));

    expect([await counters('2026-10'), await counters()]).toEqual([{ 'inbound.text': 1 }, { 'inbound.text': 1 }]);
  });

  it('is one of hundreds that take a few transactions', async () => {
    await count(...many(250));

    expect(table.wire.commands).toEqual(Array(3).fill('TransactWriteItems'));
    expect(await counters()).toEqual({ 'inbound.text': 250 });
  });

  it('is counted once where two count the same at once, and where the connection breaks', async () => {
    await Promise.all([count(...many(20)), table.peer().countMessages(many(25), NOON)]);
    for (const when of ['before', 'after'] as const) {
      table.wire.failAt(0, when);
      await count(...many(30)).catch(() => undefined);
    }
    await count(...many(30));

    expect(await counters()).toEqual({ 'inbound.text': 30 });
  });

  it('leaves a mark that names no customer and that TTL deletes', async () => {
    await count(aTally(1));

    const marks = (await table.scan()).filter(({ sk }) => sk === 'COUNTED');
    expect(marks).toEqual([
      { pk: expect.stringMatching(/^COUNTED#[\w-]{43}$/), sk: 'COUNTED', expiresAt: NOON.getTime() / 1000 + 259_200 },
    ]);
  });
});
