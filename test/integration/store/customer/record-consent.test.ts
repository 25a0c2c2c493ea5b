import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ConsentChange } from '../../../../functions/shared/domain/consent.ts';
import { CustomerKey } from '../../../../functions/shared/domain/customer.ts';
import { consentKey, customerKey, messageKey, sessionKey } from '../../../../functions/shared/store/keys.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, NOON_SECONDS, secondsAfterNoon } from '../../../support/arrivals.ts';
import { aChangeOfConsent } from '../../../support/consents.ts';
import { dynamoDbEndpoint } from '../../../support/endpoint.ts';
import { aTable, type TestTable } from '../../../support/table.ts';

let table: TestTable;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
});

const record = (change: ConsentChange, now = secondsAfterNoon(1_000), customer = CUSTOMER) =>
  table.store.recordConsent({ channel: CHANNEL, customer, change, now });
const read = () => table.store.readConsent(CHANNEL, CUSTOMER);
const customer = customerKey(CHANNEL, CUSTOMER);

describe('a change of consent', () => {
  it('is in force with its provenance, and stands in the history', async () => {
    const change = aChangeOfConsent('opted_in', 0, { text: 'Yes, write to me on WhatsApp', categories: ['orders'] });

    expect(await record(change)).toEqual({ kind: 'applied', effectiveAt: NOON_SECONDS, customer: CUSTOMER });

    const { id: _id, scope: _scope, ...consent } = change;
    expect(await read()).toEqual({
      customer: CUSTOMER,
      names: [],
      consent,
      marketing: undefined,
      consentVersion: 1,
      history: [change],
    });
    expect(
      await table.read(consentKey({ channel: CHANNEL, customer: CUSTOMER, at: NOON_SECONDS, id: change.id })),
    ).toEqual(expect.objectContaining({ sk: `CONSENT#${NOON_SECONDS}#opted_in:0` }));
  });

  it('that is older than the one in force only enters the history', async () => {
    await record(aChangeOfConsent('opted_out', 10));

    expect((await record(aChangeOfConsent('opted_in', 5))).kind).toBe('older');

    expect(await read()).toMatchObject({
      consent: { state: 'opted_out', effectiveAt: NOON_SECONDS + 10 },
      consentVersion: 1,
      history: [{ id: 'opted_out:10' }, { id: 'opted_in:5' }],
    });
  });

  it.each([
    ['opted_in', 'opted_out'],
    ['opted_out', 'opted_in'],
  ] as const)('is the stricter one of the same second: %s, then %s', async (first, second) => {
    await record(aChangeOfConsent(first));
    await record(aChangeOfConsent(second));

    expect((await read()).consent).toMatchObject({ state: 'opted_out', effectiveAt: NOON_SECONDS });
  });

  it('counts once, however often it is delivered', async () => {
    const change = aChangeOfConsent('opted_out');
    await record(change);

    expect((await record(change)).kind).toBe('duplicate');
    expect(await read()).toMatchObject({ consentVersion: 1, history: [change] });
  });

  it('costs two writes and no read, and reading it one query; one more write where no record of the customer stands', async () => {
    await record(aChangeOfConsent('opted_in'));
    expect(table.wire.commands).toEqual(['PutItem', 'UpdateItem', 'TransactWriteItems']);
    table.wire.reset();
    await record(aChangeOfConsent('opted_out', 60));
    await read();

    expect(table.wire.commands).toEqual(['PutItem', 'UpdateItem', 'Query']);
  });

  it('of marketing leaves the consent to everything else alone', async () => {
    await record(aChangeOfConsent('opted_in'));
    await record(aChangeOfConsent('opted_out', 5, { scope: 'marketing' }));

    expect(await read()).toMatchObject({
      consent: { state: 'opted_in', effectiveAt: NOON_SECONDS },
      marketing: { state: 'opted_out', effectiveAt: NOON_SECONDS + 5 },
      consentVersion: 2,
    });
    expect((await table.store.loadCustomer(CHANNEL, CUSTOMER)).record).toMatchObject({
      consent: { state: 'opted_in' },
      marketing: { state: 'opted_out' },
    });
  });

  it('leaves the rest of the customer record alone', async () => {
    await table.store.recordInbound(anArrival());
    const before = await table.read(customer);

    await record(aChangeOfConsent('opted_in'));

    expect(await table.read(customer)).toMatchObject({ ...before });
  });

  it('from the future counts as the moment of its first arrival, also when it is delivered again', async () => {
    const ahead = aChangeOfConsent('opted_in', 5_000);

    expect(await record(ahead, NOON)).toMatchObject({ kind: 'applied', effectiveAt: NOON_SECONDS });
    await record(aChangeOfConsent('opted_out', 60));
    expect(await record(ahead, secondsAfterNoon(6_000))).toMatchObject({
      kind: 'duplicate',
      effectiveAt: NOON_SECONDS,
    });

    expect(await read()).toMatchObject({
      consent: { state: 'opted_out' },
      history: [{ state: 'opted_out' }, { state: 'opted_in', effectiveAt: NOON_SECONDS }],
    });
  });

  it('of a customer who was merged holds under the new key', async () => {
    const target = CustomerKey.parse('+16505559999');
    await table.store.linkNames({
      link: {
        channel: CHANNEL,
        names: [{ name: target, kind: 'wa_id' }],
        replaced: [{ name: CUSTOMER, kind: 'wa_id' }],
        at: NOON_SECONDS,
        learnedFrom: 'system',
      },
      now: NOON,
    });

    expect((await record(aChangeOfConsent('opted_out'))).kind).toBe('applied');

    expect(await table.read(customerKey(CHANNEL, target))).toMatchObject({ consent: { state: 'opted_out' } });
    expect(await table.read(customer)).toEqual({ ...customer, movedTo: target, until: NOON_SECONDS + 1 });
    expect(await read()).toMatchObject({ consent: { state: 'opted_out' }, history: [{ id: 'opted_out:0' }] });
  });

  it('is refused rather than lost when the customer was merged in a circle', async () => {
    await table.documents.send(
      new PutCommand({ TableName: table.tableName, Item: { ...customer, movedTo: CUSTOMER } }),
    );

    await expect(record(aChangeOfConsent('opted_out'))).rejects.toThrow('merged more than');
    await expect(read()).rejects.toThrow('merged more than');
  });
});

describe('the history', () => {
  it('of a customer who never said anything is empty', async () => {
    expect(await read()).toEqual({
      customer: CUSTOMER,
      names: [],
      consent: undefined,
      marketing: undefined,
      consentVersion: 0,
      history: [],
    });
  });

  it('shows the last 100 changes, newest first, and what is in force', async () => {
    for (let second = 0; second < 103; second += 1)
      await record(aChangeOfConsent(second % 2 === 0 ? 'opted_in' : 'opted_out', second));

    const { history, consent, consentVersion } = await read();

    expect(history.map(({ effectiveAt }) => effectiveAt - NOON_SECONDS)).toEqual(
      Array.from({ length: 100 }, (_, index) => 102 - index),
    );
    expect(consent).toMatchObject({ state: 'opted_in', effectiveAt: NOON_SECONDS + 102 });
    expect(consentVersion).toBe(103);
  });

  it('is not mixed with messages or the session', async () => {
    await table.store.recordInbound(anArrival());
    await record(aChangeOfConsent('opted_in'));

    expect((await read()).history).toHaveLength(1);
  });
});

describe('a message that is a keyword', () => {
  const stop = (at = NOON, now = at) => {
    const arrival = anArrival({ at, now, id: 'wamid.stop', content: { type: 'text', text: 'STOP' } });
    const { id, providerAtMs } = arrival.message;
    const change = aChangeOfConsent('opted_out', 0, { id, effectiveAt: Math.floor(providerAtMs / 1000) });
    return table.store.recordInbound({ ...arrival, consent: change });
  };

  it('changes the consent first, then the window, then it is stored', async () => {
    await table.store.recordInbound(anArrival());
    table.wire.reset();

    expect(await stop(secondsAfterNoon(60))).toEqual({
      isNew: true,
      window: 'extended',
      skewed: false,
      consent: 'applied',
    });

    expect(table.wire.commands).toEqual(['PutItem', 'UpdateItem', 'UpdateItem', 'PutItem']);
    const { session, record: facts } = await table.store.loadCustomer(CHANNEL, CUSTOMER);
    expect(session?.lastInboundAt).toBe(NOON_SECONDS + 60);
    expect(facts.consent).toMatchObject({ state: 'opted_out', effectiveAt: NOON_SECONDS + 60 });
  });

  it('changes nothing when it is delivered again', async () => {
    await stop();

    expect(await stop(NOON, secondsAfterNoon(60))).toEqual({
      isNew: false,
      window: 'unchanged',
      skewed: false,
      consent: 'duplicate',
    });
  });

  it.each([10, 900, 5_000])(
    'from the future counts for window and consent as the moment of its first arrival, also %i s later',
    async (later) => {
      const ahead = secondsAfterNoon(1_000);
      expect(await stop(ahead, NOON)).toMatchObject({ window: 'opened', skewed: true });

      await stop(ahead, secondsAfterNoon(later));

      expect(await table.read(sessionKey(CHANNEL, CUSTOMER))).toMatchObject({ lastInboundAt: NOON_SECONDS });
      const key = messageKey({ channel: CHANNEL, customer: CUSTOMER, atMs: ahead.getTime(), id: 'wamid.stop' });
      expect(await table.read(key)).toMatchObject({ countedAt: NOON_SECONDS });
      expect(await read()).toMatchObject({
        consent: { state: 'opted_out', effectiveAt: NOON_SECONDS },
        history: [{ effectiveAt: NOON_SECONDS }],
      });
    },
  );

  it('that opens no session changes the consent all the same', async () => {
    const arrival = anArrival({ opens: false, content: { type: 'text', text: 'STOP' } });

    const recorded = await table.store.recordInbound({ ...arrival, consent: aChangeOfConsent('opted_out') });

    expect(recorded).toMatchObject({ window: 'does_not_open', consent: 'applied' });
    expect(await table.read(sessionKey(CHANNEL, CUSTOMER))).toBeUndefined();
  });
});
