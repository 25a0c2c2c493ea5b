import { beforeEach, describe, expect, it } from 'vitest';
import { anArrival, CHANNEL, CUSTOMER } from '../../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../../support/endpoint.ts';
import { aTable, type TestTable } from '../../../support/table.ts';

let table: TestTable;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
});

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown;

describe('what no customer writes, under a valid signature', () => {
  it.each([
    ['a referral nested 20,000 levels deep', { referral: nested(20_000) }],
    ['a referral of 500 kB', { referral: { body: 'x'.repeat(500_000) } }],
    ['a name of 500 kB', { profileName: 'x'.repeat(500_000) }],
    ['a group of 500 kB', { groupId: 'x'.repeat(500_000), opens: false }],
    ['a quoted id of 500 kB', { replyTo: 'x'.repeat(500_000) }],
    [
      'content and referral that are each below the limit',
      {
        content: { type: 'text', text: 'x'.repeat(290_000) },
        referral: { body: 'x'.repeat(120_000) },
      },
    ],
    ['content nested 20,000 levels deep', { content: { type: 'raw', kind: 'odd', raw: nested(20_000) } }],
  ] as const)('is stored, so that the batch is not delivered again for days: %s', async (_, message) => {
    const recorded = await table.store.recordInbound(anArrival(message));

    expect(recorded.isNew).toBe(true);
    expect((await table.store.readThread({ channel: CHANNEL, customer: CUSTOMER, limit: 10 })).messages).toHaveLength(
      1,
    );
  });
});
