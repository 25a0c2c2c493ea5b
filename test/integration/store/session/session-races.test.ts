import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { customerKey, sessionKey } from '../../../../functions/shared/store/keys.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, NOON_SECONDS, secondsAfterNoon } from '../../../support/arrivals.ts';
import { aClaimOfSlot } from '../../../support/claims.ts';
import { aChangeOfConsent } from '../../../support/consents.ts';
import { dynamoDbEndpoint } from '../../../support/endpoint.ts';
import { aTable, type TestTable } from '../../../support/table.ts';

const DAY = 86_400;
const KEY = sessionKey(CHANNEL, CUSTOMER);
/** Requests of a message that extends a marked session: 1 fails on the mark, 2 raises `lastOpenedAt`, 3 extends. */
const EXTENDS = 3;
const LATE = { at: secondsAfterNoon(100), now: secondsAfterNoon(DAY - 1), id: 'wamid.late' };

let table: TestTable;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
  await table.peer().recordInbound(anArrival());
  await table.documents.send(
    new UpdateCommand({
      TableName: table.tableName,
      Key: { ...KEY },
      UpdateExpression: 'SET slotUsedAt = :at',
      ExpressionAttributeValues: { ':at': NOON_SECONDS + 1 },
    }),
  );
});

/** A template that is sent to re-engage the customer at that time. */
const reengage = async (now: Date) => {
  const state = await table.peer().loadSendState({ channel: CHANNEL, customer: CUSTOMER, templates: [] });
  return table.peer().claimSend(aClaimOfSlot({ state, now }));
};

describe('a message that extends a marked session', () => {
  it('opens another session when the end was published meanwhile', async () => {
    const before = await table.read(KEY);
    const rule = { closingLeadSeconds: 3_600, now: secondsAfterNoon(DAY + 1) };
    const writer = table.tapped(EXTENDS, () => table.peer().setPhases([KEY], rule));

    expect(await writer.recordInbound(anArrival(LATE))).toMatchObject({ window: 'opened' });

    const after = await table.read(KEY);
    expect(after).toMatchObject({ phase: 'closing', lastInboundAt: NOON_SECONDS + 100 });
    expect(after?.['sessionId']).not.toBe(before?.['sessionId']);
  });

  it.each([
    ['by a template of before', 'SET slotUsedAt = :mark', NOON_SECONDS + 1],
    ['by a refusal of before alone', 'SET providerClosedFor = :mark REMOVE slotUsedAt', NOON_SECONDS - 60],
  ])(
    'keeps the mark of a template that used the slot meanwhile, so that the next message frees it: %s',
    async (_, mark, value) => {
      await table.documents.send(
        new UpdateCommand({
          TableName: table.tableName,
          Key: { ...KEY },
          UpdateExpression: mark,
          ExpressionAttributeValues: { ':mark': value },
        }),
      );
      const consent = { channel: CHANNEL, customer: CUSTOMER, change: aChangeOfConsent('opted_in'), now: NOON };
      await table.peer().recordConsent(consent);
      const end = secondsAfterNoon(DAY);
      const writer = table.tapped(EXTENDS, async () => {
        expect(await reengage(end)).toMatchObject({ kind: 'claimed' });
      });

      await writer.recordInbound(anArrival(LATE));

      expect(await table.read(KEY)).toMatchObject({
        lastInboundAt: NOON_SECONDS + 100,
        slotUsedAt: NOON_SECONDS + DAY,
      });
      await table.peer().recordInbound(anArrival({ at: secondsAfterNoon(DAY + 60), id: 'wamid.next' }));
      expect(await table.read(customerKey(CHANNEL, CUSTOMER))).toMatchObject({ lastOpenedAt: NOON_SECONDS + DAY + 60 });
    },
  );
});

describe('a window that the provider considers closed', () => {
  it('keeps the time of the first refusal', async () => {
    const refused = (second: number) =>
      table.store.recordProviderClosed({
        channel: CHANNEL,
        customer: CUSTOMER,
        decidedOn: NOON_SECONDS,
        atMs: secondsAfterNoon(second).getTime(),
      });
    await refused(10);
    await refused(20);

    expect(await table.read(KEY)).toMatchObject({ phase: 'closed', closedAt: NOON_SECONDS + 10 });
  });

  it('stays open where the customer has written since the refused send was decided', async () => {
    await table.store.recordInbound(anArrival({ at: secondsAfterNoon(60), id: 'wamid.newer' }));

    const isClosed = await table.store.recordProviderClosed({
      channel: CHANNEL,
      customer: CUSTOMER,
      decidedOn: NOON_SECONDS,
      atMs: secondsAfterNoon(61).getTime(),
    });

    expect(isClosed).toBe(false);
    expect(await table.read(KEY)).toMatchObject({ phase: 'open', lastInboundAt: NOON_SECONDS + 60 });
  });
});
