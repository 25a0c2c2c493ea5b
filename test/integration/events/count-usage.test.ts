import { beforeEach, describe, expect, it } from 'vitest';
import { countUsage } from '../../../functions/change-stream/count-usage.ts';
import { createCoreRuntime } from '../../../functions/shared/runtime/core-runtime.ts';
import type { Change } from '../../../functions/shared/store/changes.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { aConfig, aLog } from '../../support/service.ts';
import { createSessionsStore } from '../../support/sessions-store.ts';
import { aTable, type TestTable } from '../../support/table.ts';
import { mauOf } from '../../support/usage.ts';

let table: TestTable;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
});

const aRuntime = (mauThresholds: number[] = []) => {
  const config = aConfig('http://127.0.0.1:9');
  const log = aLog();
  const channels = config.channels.map((channel) => ({ ...channel, mauThresholds }));
  const options = {
    config: { ...config, channels },
    tableName: table.tableName,
    dynamo: table.client,
    now: () => NOON,
    log,
  };
  return { ...createCoreRuntime(options, createSessionsStore), log };
};

const aNewMessage = (at = NOON, id = `wamid.${at.getTime()}`): Change => ({
  kind: 'message',
  channel: CHANNEL,
  customer: CUSTOMER,
  before: undefined,
  after: { direction: 'inbound', id, at: at.getTime(), receivedAt: NOON.getTime(), content: { type: 'text' } },
});

describe('the usage of a batch of the stream', () => {
  it('is counted as metrics, once', async () => {
    await table.peer().recordInbound(anArrival());
    const runtime = aRuntime([1]);

    await countUsage(runtime, [aNewMessage()]);
    await countUsage(runtime, [aNewMessage()]);

    expect(runtime.log.counts).toMatchObject({ CustomersCounted: 1, UsageThresholdsReached: 1 });
    expect(await mauOf(table)).toEqual({ channel: 1, deployment: 1 });
  });

  it('is written once for a customer, also when every threshold is reached', async () => {
    await table.peer().recordInbound(anArrival());
    const runtime = aRuntime([1, 2]);
    await countUsage(runtime, [aNewMessage()]);
    table.wire.reset();

    await countUsage(runtime, [aNewMessage()]);

    // The transaction finds the mark of the message, which was counted too.
    expect(table.wire.commands).toEqual(['BatchGetItem', 'TransactWriteItems', 'BatchGetItem']);
  });

  it('is not counted for months that are not kept', async () => {
    const longAgo = new Date('2019-01-01T00:00:00Z');
    await table.peer().recordInbound(anArrival({ at: longAgo, now: NOON }));

    await countUsage(aRuntime(), [aNewMessage(longAgo)]);

    expect((await table.scan()).filter(({ pk }) => /^(USAGE|COUNTED)#/.test(String(pk)))).toEqual([]);
  });

  it('is completed by the next delivery when a request fails', async () => {
    await table.peer().recordInbound(anArrival());
    const runtime = aRuntime([1]);
    for (let request = 0; request < 7; request += 1) {
      table.wire.reset();
      table.wire.failAt(request, request % 2 === 0 ? 'before' : 'after');
      await countUsage(runtime, [aNewMessage()]).catch(() => undefined);
    }
    table.wire.reset();
    await countUsage(runtime, [aNewMessage()]);

    const { mau, counters, thresholds } = await table.store.readUsage({ channel: CHANNEL, month: '2026-11' });
    expect({ mau, counters, thresholds }).toMatchObject({
      mau: 1,
      counters: { 'inbound.text': 1 },
      thresholds: [{ threshold: 1, mau: 1 }],
    });
  });
});
