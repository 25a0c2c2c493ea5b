import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { CustomerKey } from '../../../functions/shared/domain/customer.ts';
import { sessionKey } from '../../../functions/shared/store/keys.ts';
import { BEAT_KEY } from '../../../functions/shared/store/service-beat.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, NOON_SECONDS, secondsAfterNoon } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { aBegunSend } from '../../support/outbound.ts';
import { aConfig, aService, type TestService } from '../../support/service.ts';
import { aTable, type TestTable } from '../../support/table.ts';

const DAY = 86_400;
const HOUR = 3_600;

let table: TestTable;
let service: TestService;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
  service = aService(table, aConfig('http://127.0.0.1:9'));
});

const sweepAt = async (seconds: number) => {
  service.setNow(secondsAfterNoon(seconds));
  await service.sweep();
};
const phaseOf = async (customer = CUSTOMER) => (await table.read(sessionKey(CHANNEL, customer)))?.['phase'];

describe('the beat', () => {
  it('is written by each sweep, and keeps when the first was', async () => {
    await sweepAt(0);
    await sweepAt(60);

    expect(await table.read(BEAT_KEY)).toMatchObject({ startedAt: NOON_SECONDS, beatAt: NOON_SECONDS + 60 });
  });

  it('is missing where the sweep fails', async () => {
    const broken = aService({ ...table, tableName: 'no-such-table' }, aConfig('http://127.0.0.1:9'));

    await expect(broken.sweep()).rejects.toThrow();

    expect(await table.read(BEAT_KEY)).toBeUndefined();
  });

  it('measures the time since the first beat, then since the last complete template sync', async () => {
    await sweepAt(0);
    await sweepAt(600);
    expect(service.log.counts).toMatchObject({ TemplateSyncAgeSeconds: 600 });

    await table.store.recordSync(secondsAfterNoon(630));
    await sweepAt(660);
    expect(service.log.counts).toMatchObject({ TemplateSyncAgeSeconds: 30 });
  });
});

describe('the sweep of sessions', () => {
  it('sets the phase in the minute in which it is due, and counts it once', async () => {
    await table.store.recordInbound(anArrival());

    await sweepAt(DAY - HOUR - 1);
    expect(await phaseOf()).toBe('open');
    await sweepAt(DAY - HOUR);
    expect(await phaseOf()).toBe('closing');
    await sweepAt(DAY - HOUR + 60);
    await sweepAt(DAY - 1);
    expect(await phaseOf()).toBe('closing');
    await sweepAt(DAY + 59);
    expect(await phaseOf()).toBe('closed');
    expect(service.log.counts).toMatchObject({ SessionsClosing: 1, SessionsClosed: 1, SweepLagSeconds: 59 });
  });

  it('closes at once a session that was never closing', async () => {
    await table.store.recordInbound(anArrival());

    await sweepAt(DAY);

    expect(await phaseOf()).toBe('closed');
    expect(service.log.counts).toMatchObject({ SessionsClosed: 1 });
    expect(service.log.counts).not.toHaveProperty('SessionsClosing', 1);
  });

  it('continues after a session that cannot be read', async () => {
    const other = CustomerKey.parse('+16505559999');
    for (const phone of [CUSTOMER, other]) await table.store.recordInbound(anArrival({ identities: { phone } }));
    await table.documents.send(
      new UpdateCommand({
        TableName: table.tableName,
        Key: { ...sessionKey(CHANNEL, CUSTOMER) },
        UpdateExpression: 'SET phase = :phase',
        ExpressionAttributeValues: { ':phase': 'ajar' },
      }),
    );

    await sweepAt(DAY + 600);

    expect(await phaseOf(other)).toBe('closed');
    expect(service.log.counts).toMatchObject({ ItemsUnreadable: 1 });
  });

  it('continues when the index shows a session at two places', async () => {
    const other = CustomerKey.parse('+16505559999');
    for (const phone of [CUSTOMER, other]) await table.store.recordInbound(anArrival({ identities: { phone } }));
    const entry = { ...sessionKey(CHANNEL, CUSTOMER), dueShard: 'the one it has just left', dueAt: NOON_SECONDS + DAY };
    // The index is eventually consistent; DynamoDB Local's is not.
    table.client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const answer = await next(args);
          const { Items } = answer.output as { Items?: object[] };
          if (commandName === 'QueryCommand') Items?.push(entry);
          return answer;
        },
      { step: 'deserialize', priority: 'high', name: 'repeat' },
    );

    await sweepAt(DAY);

    expect([await phaseOf(), await phaseOf(other)]).toEqual(['closed', 'closed']);
  });

  it('skips no session after a pause', async () => {
    await sweepAt(DAY - 2 * HOUR);
    await table.store.recordInbound(anArrival());

    await sweepAt(DAY + 6 * HOUR);

    expect(await phaseOf()).toBe('closed');
  });

  it('updates every session of a crowded second, and no other', async () => {
    const customers = Array.from({ length: 120 }, (_, index) => CustomerKey.parse(`+1650555${2_000 + index}`));
    await Promise.all(
      customers.map((phone, index) =>
        table.store.recordInbound(anArrival({ identities: { phone }, at: secondsAfterNoon(index) })),
      ),
    );

    await sweepAt(DAY + 99);

    const phases = await Promise.all(customers.map(phaseOf));
    expect(phases.filter((phase) => phase === 'closed')).toHaveLength(100);
    expect(phases.filter((phase) => phase === 'closing')).toHaveLength(20);
  });

  it('leaves a session open whose customer wrote after it was read', async () => {
    await table.store.recordInbound(anArrival());
    const now = secondsAfterNoon(DAY - 60);
    const key = sessionKey(CHANNEL, CUSTOMER);
    const slow = table.tapped(2, () => table.peer().recordInbound(anArrival({ at: now, id: 'wamid.late' })));

    expect(await slow.setPhases([key], { closingLeadSeconds: HOUR, now })).toEqual([]);

    expect(await phaseOf()).toBe('open');
  });
});

describe('a message that arrives within the closing lead of its window', () => {
  it('opens a session that is closing already, and one that restarts is open again', async () => {
    await table.store.recordInbound(anArrival({ at: NOON, now: secondsAfterNoon(DAY - HOUR) }));
    expect(await phaseOf()).toBe('closing');

    await table.store.recordInbound(anArrival({ at: secondsAfterNoon(DAY - HOUR) }));
    expect(await phaseOf()).toBe('open');
  });
});

describe('a write that reaches the table after the sweep of its time', () => {
  it('is found by the next sweep: a session that ends', async () => {
    await sweepAt(DAY + 30);
    await table.store.recordInbound(anArrival({ at: secondsAfterNoon(-1), now: secondsAfterNoon(DAY - 2) }));

    await sweepAt(DAY + 90);

    expect(await phaseOf()).toBe('closed');
  });

  it('is found by the next sweep: a session that is about to end', async () => {
    await sweepAt(DAY - HOUR + 30);
    await table.store.recordInbound(anArrival({ at: secondsAfterNoon(-1), now: NOON }));

    await sweepAt(DAY - HOUR + 90);

    expect(await phaseOf()).toBe('closing');
  });

  it('is found by the next sweep: a send without outcome', async () => {
    await sweepAt(310);
    const { key } = await aBegunSend(table.store, CUSTOMER);

    await sweepAt(370);

    expect(await table.read(key)).toMatchObject({ status: 'in_doubt' });
  });
});
