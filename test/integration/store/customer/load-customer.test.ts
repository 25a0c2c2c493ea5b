import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { CustomerKey } from '../../../../functions/shared/domain/customer.ts';
import { sessionKey } from '../../../../functions/shared/store/keys.ts';
import { anArrival, CHANNEL, NOON, NOON_SECONDS, secondsAfterNoon } from '../../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../../support/endpoint.ts';
import { aTable, type TestTable } from '../../../support/table.ts';

let table: TestTable;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
});

const named = (number: number) => CustomerKey.parse(`+1650555${String(1_000 + number)}`);
const writes = (customer: CustomerKey, at = NOON) =>
  table.store.recordInbound(anArrival({ at, identities: { phone: customer } }));
const move = (from: CustomerKey, movedTo: CustomerKey) =>
  table.documents.send(new PutCommand({ TableName: table.tableName, Item: { ...sessionKey(CHANNEL, from), movedTo } }));
const load = async (customers: readonly CustomerKey[]) => {
  table.wire.reset();
  const known = await table.store.loadCustomers(CHANNEL, customers);
  return known.map(({ requested: asked, customer, session }) => ({
    asked,
    customer,
    lastInboundAt: session?.lastInboundAt,
  }));
};

describe('many customers', () => {
  it('are answered in the order asked, also those never seen and those asked twice', async () => {
    const [ann, ben, eve] = [named(1), named(2), named(3)];
    await writes(ann);
    await writes(ben, secondsAfterNoon(5));

    expect(await load([ben, eve, ann, ben])).toEqual([
      { asked: ben, customer: ben, lastInboundAt: NOON_SECONDS + 5 },
      { asked: eve, customer: eve, lastInboundAt: undefined },
      { asked: ann, customer: ann, lastInboundAt: NOON_SECONDS },
      { asked: ben, customer: ben, lastInboundAt: NOON_SECONDS + 5 },
    ]);
    expect(table.wire.commands).toEqual(['BatchGetItem']);
  });

  it('cost two reads side by side for a hundred of them', async () => {
    const hundred = Array.from({ length: 100 }, (_, index) => named(index));
    await writes(named(99));

    const known = await load(hundred);

    expect(known.map(({ asked }) => asked)).toEqual(hundred);
    expect(known.at(-1)).toMatchObject({ lastInboundAt: NOON_SECONDS });
    expect(table.wire.commands).toEqual(['BatchGetItem', 'BatchGetItem']);
  });

  it('are followed in one more step when they were merged', async () => {
    const [old, older, target, other] = [named(1), named(2), named(3), named(4)];
    await writes(target);
    await move(old, target);
    await move(older, target);

    expect(await load([old, other, older])).toEqual([
      { asked: old, customer: target, lastInboundAt: NOON_SECONDS },
      { asked: other, customer: other, lastInboundAt: undefined },
      { asked: older, customer: target, lastInboundAt: NOON_SECONDS },
    ]);
    expect(table.wire.commands).toEqual(['BatchGetItem', 'BatchGetItem']);
  });

  it('cost nothing more when the one they were merged into is requested too', async () => {
    await writes(named(3));
    await move(named(1), named(3));

    await load([named(1), named(3)]);

    expect(table.wire.commands).toEqual(['BatchGetItem']);
  });
});

describe('one customer', () => {
  it('costs one read, and one more when merged', async () => {
    await writes(named(3));
    await move(named(1), named(3));
    table.wire.reset();

    expect(await table.store.loadCustomer(CHANNEL, named(3))).toMatchObject({ customer: named(3) });
    expect(table.wire.commands).toEqual(['BatchGetItem']);
    expect(await table.store.loadCustomer(CHANNEL, named(1))).toMatchObject({
      customer: named(3),
      session: { lastInboundAt: NOON_SECONDS },
    });
    expect(table.wire.commands).toHaveLength(3);
  });

  it('is an error when merged in a circle', async () => {
    await move(named(1), named(2));
    await move(named(2), named(1));

    await expect(table.store.loadCustomer(CHANNEL, named(1))).rejects.toThrow('merged more than');
    await expect(load([named(1)])).rejects.toThrow('merged more than');
  });
});
