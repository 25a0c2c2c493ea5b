import { DeleteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { messageNameOf, sessionKey } from '../../../functions/shared/store/keys.ts';
import { toReference } from '../../../functions/shared/store/message/message-reference.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, secondsAfterNoon } from '../../support/arrivals.ts';
import { aClaim } from '../../support/claims.ts';
import { aChangeOfConsent } from '../../support/consents.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { aBegunSend, anOutboundSetting, type OutboundSetting, TEXT } from '../../support/outbound.ts';
import { aTemplate, aTemplateContent, register } from '../../support/templates.ts';

const DAY = 86_400;

let setting: OutboundSetting;
beforeEach(async () => {
  setting = await anOutboundSetting(dynamoDbEndpoint());
});
afterEach(() => setting.close());

const erase = () =>
  setting.table
    .peer()
    .eraseCustomer({ channel: CHANNEL, customer: CUSTOMER, channels: [CHANNEL], now: NOON, goOn: () => true });

/** What the table holds of the customer. */
const left = async () => {
  const scan = new ScanCommand({ TableName: setting.table.tableName, ConsistentRead: true });
  const { Items: items = [] } = await setting.table.documents.send(scan);
  return items.filter((item) => JSON.stringify(item).includes(CUSTOMER)).map(({ sk }) => sk);
};

const REFUSED = (code: number) => ({ status: 400, body: { error: { code, message: 'no' } } });
const ANSWERS = [
  ['accepts', { body: { messages: [{ id: 'wamid.sent' }] } }],
  ['refuses with 131050', REFUSED(131050)],
  ['refuses with 131047', REFUSED(131047)],
  ['refuses with 132015', REFUSED(132015)],
  ['hangs up', { hangUp: true }],
] as const;

describe('a send in flight during an erasure', () => {
  it.each(ANSWERS)('erase-in-flight: leaves nothing when Meta %s', async (_, answer) => {
    await setting.table.store.recordInbound(anArrival());
    setting.answer(async () => {
      expect(await erase()).toMatchObject({ done: true });
      return answer;
    });

    await setting.service.send(TEXT, 'order-7');

    expect(await left()).toEqual([]);
  });

  it.each(ANSWERS)('erase-in-flight: leaves nothing of a template with the slot when Meta %s', async (_, answer) => {
    await setting.table.store.recordInbound(anArrival());
    await setting.consent('opted_in');
    await register(setting.table, aTemplate());
    setting.service.setNow(secondsAfterNoon(2 * DAY));
    setting.answer(async () => {
      expect(await erase()).toMatchObject({ done: true });
      return answer;
    });

    await setting.service.send({ channel: 'support', to: CUSTOMER, content: aTemplateContent() }, 'order-7');

    expect(await left()).toEqual([]);
  });

  it.each([
    ['its session is open', false],
    ['DynamoDB has deleted its session', true],
  ])('is not recorded, nor sent, when it was decided before the erasure: %s', async (_, isDeleted) => {
    const { table } = setting;
    await table.store.recordInbound(anArrival());
    const Key = sessionKey(CHANNEL, CUSTOMER);
    if (isDeleted) await table.documents.send(new DeleteCommand({ TableName: table.tableName, Key }));
    const sender = table.tapped(2, erase);
    const state = await sender.loadSendState({ channel: CHANNEL, customer: CUSTOMER, templates: [] });

    const claimed = await sender.claimSend(aClaim({ state }));

    expect(claimed).toEqual({ kind: 'changed' });
    expect(await left()).toEqual([]);
  });
});

describe('a change of consent during an erasure', () => {
  it.each([1, 2, 3])('leaves nothing of an error that a status reports: erasure before write %i', async (number) => {
    await setting.table.store.recordInbound(anArrival());
    const { key } = await aBegunSend(setting.table.peer(), CUSTOMER);
    const store = setting.table.tapped(number, erase);
    const change = aChangeOfConsent('opted_out', 0, { scope: 'marketing' });

    const recorded = await store.recordStatus({
      channel: CHANNEL,
      reference: toReference(messageNameOf(key)),
      providerMessageId: 'wamid.1',
      to: 'failed',
      atMs: NOON.getTime(),
      error: { code: '131050', title: 'opted out', class: 'opted_out' },
    });
    await store.recordConsent({ channel: CHANNEL, customer: CUSTOMER, change, now: NOON, message: key });

    expect(recorded.kind).toBe(number === 1 ? 'unknown_message' : 'updated');
    expect(await left()).toEqual([]);
  });

  it('leaves nothing of a first consent whose history is erased', async () => {
    const store = setting.table.tapped(2, erase);

    expect(
      await store.recordConsent({
        channel: CHANNEL,
        customer: CUSTOMER,
        change: aChangeOfConsent('opted_in'),
        now: NOON,
      }),
    ).toMatchObject({ kind: 'erased' });
    expect(await left()).toEqual([]);
  });

  it('records one that arrives after it', async () => {
    await setting.table.store.recordInbound(anArrival());
    await erase();
    await setting.consent('opted_in');

    expect(await left()).toEqual([expect.stringMatching(/^CONSENT#/), 'CUSTOMER']);
  });
});

describe('a webhook during an erasure', () => {
  it.each([2, 3])('does not bring the customer back: first message, erasure before write %i', async (number) => {
    const store = setting.table.tapped(number, erase);

    const recorded = await store.recordInbound(anArrival());

    if (number === 3) expect(recorded).toEqual({ isNew: false, window: 'erased', skewed: false });
    expect((await left()).filter((sk) => sk === 'SESSION')).toEqual(number === 2 ? ['SESSION'] : []);
  });

  it.each([2, 3, 4])('does not bring the customer back: after a session, erasure before write %i', async (number) => {
    await setting.table.peer().recordInbound(anArrival());
    const at = secondsAfterNoon(2 * DAY);

    await setting.table.tapped(number, erase).recordInbound(anArrival({ at, id: 'wamid.again' }));

    const kinds = await left();
    expect([number, kinds.includes('SESSION'), kinds.includes('CUSTOMER')]).toEqual([number, false, false]);
  });

  it.each([2, 3])(
    'does not bring the customer back: a session that ends soon, erasure before write %i',
    async (number) => {
      await setting.table.peer().recordInbound(anArrival());
      const at = secondsAfterNoon(DAY - 60);

      await setting.table.tapped(number, erase).recordInbound(anArrival({ at, id: 'wamid.again' }));

      const kinds = await left();
      expect([number, kinds.includes('SESSION'), kinds.includes('CUSTOMER')]).toEqual([number, false, false]);
    },
  );

  it.each([2, 3, 4, 5, 6])('does not bring the customer back: a keyword, erasure before write %i', async (number) => {
    const consent = aChangeOfConsent('opted_in');

    await setting.table.tapped(number, erase).recordInbound({ ...anArrival(), consent });

    const kinds = await left();
    expect([number, kinds.includes('SESSION'), kinds.includes('CUSTOMER')]).toEqual([number, false, false]);
  });

  it.each([2, 3, 4, 5, 6])('leaves nothing of a message from the future: erasure before write %i', async (number) => {
    const arrival = anArrival({ at: secondsAfterNoon(3_600), now: NOON });

    const recorded = await setting.table.tapped(number, erase).recordInbound(arrival);

    expect([number, recorded.window, await left()]).toEqual([number, 'erased', []]);
  });

  it('leaves nothing of a message that may repeat one from the future: erasure before its record', async () => {
    await setting.table.peer().recordInbound(anArrival({ at: secondsAfterNoon(3_600), now: NOON, id: 'wamid.ahead' }));
    const arrival = anArrival({ at: secondsAfterNoon(600), id: 'wamid.after' });

    expect(await setting.table.tapped(2, erase).recordInbound(arrival)).toMatchObject({ window: 'erased' });
    expect(await left()).toEqual([]);
  });

  it('leaves nothing of a message that comes too late to open a session: erasure before its record', async () => {
    const arrival = anArrival({ at: NOON, now: secondsAfterNoon(2 * DAY) });

    expect(await setting.table.tapped(3, erase).recordInbound(arrival)).toMatchObject({ isNew: false });
    expect(await left()).toEqual([]);
  });

  it('leaves nothing of a keyword that opens nothing: erasure before its record', async () => {
    const arrival = { ...anArrival({ opens: false }), consent: aChangeOfConsent('opted_in') };

    expect(await setting.table.tapped(4, erase).recordInbound(arrival)).toMatchObject({ isNew: false });
    expect(await left()).toEqual([]);
  });

  it('records the next message as that of a new customer', async () => {
    await setting.table.peer().recordInbound(anArrival());
    await erase();

    expect(await setting.table.store.recordInbound(anArrival({ id: 'wamid.new' }))).toMatchObject({
      isNew: true,
      window: 'opened',
    });
  });
});
