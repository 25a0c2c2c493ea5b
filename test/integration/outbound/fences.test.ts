import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customerKey, type ItemKey, messageNameOf, sendKey } from '../../../functions/shared/store/keys.ts';
import type { ClaimedSend } from '../../../functions/shared/store/message/claim-send.ts';
import { toReference } from '../../../functions/shared/store/message/message-reference.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, NOON_SECONDS, secondsAfterNoon } from '../../support/arrivals.ts';
import { aClaim, aClaimOfSlot } from '../../support/claims.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { anOutboundSetting, type OutboundSetting, TEXT } from '../../support/outbound.ts';
import { aTemplate, aTemplateContent, register } from '../../support/templates.ts';

const DAY = 86_400;
const ID = 'msg_01KADQ2M7S0V9T4JYB6G1H3E5R';
const CLOSED = secondsAfterNoon(2 * DAY);
const TEMPLATE = { channel: 'support', to: CUSTOMER, content: aTemplateContent() };

let setting: OutboundSetting;
beforeEach(async () => {
  setting = await anOutboundSetting(dynamoDbEndpoint());
  await setting.table.store.recordInbound(anArrival());
  await setting.consent('opted_in');
  await register(setting.table, aTemplate());
});
afterEach(() => setting.close());

const peer = () => setting.table.peer();
const holders = async () =>
  (await setting.table.read(customerKey(CHANNEL, CUSTOMER)))?.['slotHolders'] as Set<string> | undefined;
/** An attempt under one id that takes the slot. */
const attempt = async (claimedBy: string, store = setting.table.store): Promise<ClaimedSend> => {
  const state = await store.loadSendState({ channel: CHANNEL, customer: CUSTOMER, id: ID, templates: [] });
  const { lastOpenedAt } = state.record;
  const claimed = await store.claimSend(
    aClaimOfSlot({ id: ID, claimedBy, state, now: CLOSED, decision: { lastOpenedAt } }),
  );
  if (claimed.kind !== 'claimed') throw new Error(claimed.kind);
  return claimed;
};

const update = { atMs: CLOSED.getTime(), by: 'service' } as const;
const error = { code: 'ECONNREFUSED', title: 'not reached', class: 'retry_now' };
const released = { ...update, to: 'failed', error, released: true } as const;

describe('a claim of a key', () => {
  it('is one of two that were decided before either was written, milliseconds apart', async () => {
    const claim = async (claimedBy: string, milliseconds: number) => {
      const state = await setting.table.store.loadSendState({
        channel: CHANNEL,
        customer: CUSTOMER,
        id: ID,
        templates: [],
      });
      const now = new Date(NOON.getTime() + milliseconds);
      return () =>
        setting.table.store.claimSend(
          aClaim({ id: ID, claimedBy, state, now, decision: { consent: 'opted_in', consentVersion: 1 } }),
        );
    };
    const [first, second] = [await claim('first', 0), await claim('second', 7)];

    expect((await first()).kind).toBe('claimed');
    expect((await second()).kind).not.toBe('claimed');
    expect(await setting.table.read(sendKey(ID))).toMatchObject({ claimedBy: 'first' });
  });
});

describe('a claim of the slot', () => {
  it('is decided again where a message of the customer came meanwhile, too late to open a session', async () => {
    const write = () => peer().recordInbound(anArrival({ at: secondsAfterNoon(60), now: CLOSED, id: 'wamid.late' }));

    await expect(attempt('first', setting.table.tapped(2, write))).rejects.toThrow('changed');

    expect(await holders()).toBeUndefined();
  });
});

describe('a late write of an attempt whose id was claimed again', () => {
  it.each([
    ['a release', released],
    ['a rejection', { ...update, to: 'failed', error }],
    ['an acceptance', { ...update, to: 'sent', providerMessageId: 'wamid.first' }],
    ['a doubt', { ...update, to: 'in_doubt', error }],
  ] as const)('changes nothing of the next attempt: %s', async (_, late) => {
    const first = await attempt('first');
    await setting.table.store.completeSend(first, released);
    expect(await holders()).toBeUndefined();
    const second = await attempt('second');
    const before = await setting.table.read(second.key);

    await setting.table.store.completeSend(first, late);

    expect(await setting.table.read(second.key)).toEqual(before);
    expect(await holders()).toEqual(new Set([ID]));
  });

  it('does not put it in doubt, nor settle it by hand', async () => {
    const first = await attempt('first');
    const found = await setting.table.store.findMessage(ID);
    await setting.table.store.completeSend(first, released);
    const second = await attempt('second');
    if (found === undefined) throw new Error('not found');

    await setting.table.store.markInDoubt(found, CLOSED);
    await setting.table.store.resolveSend(found, 'failed', CLOSED);

    expect(await setting.table.read(second.key)).toMatchObject({ status: 'accepted' });
    expect(await holders()).toEqual(new Set([ID]));
  });
});

/** Fails at each request of `act` in turn, before and after it took effect. */
const POINTS = [0, 1, 2].flatMap((request) => (['before', 'after'] as const).map((when) => [request, when] as const));

describe('a crash of a rejected template', () => {
  it.each(POINTS)(
    'leaves either both its record and its slot or neither: request %i fails %s',
    async (request, when) => {
      const claimed = await attempt('first');
      setting.table.wire.reset();
      setting.table.wire.failAt(request, when);

      await setting.table.store.completeSend(claimed, { ...update, to: 'failed', error }).catch(() => undefined);

      const { status } = (await setting.table.read(claimed.key)) ?? {};
      expect((await holders())?.has(ID) ?? false).toBe(status === 'accepted');
    },
  );
});

describe('not_sent against a simultaneous delivered', () => {
  const inDoubt = async () => {
    const claimed = await attempt('first');
    await setting.table.store.completeSend(claimed, { ...update, to: 'in_doubt', error });
    return claimed;
  };
  const delivered = (key: ItemKey) => ({
    channel: CHANNEL,
    reference: toReference(messageNameOf(key)),
    providerMessageId: 'wamid.1',
    to: 'delivered' as const,
    atMs: CLOSED.getTime(),
  });
  const expectDelivered = async ({ key }: ClaimedSend) => {
    expect(await setting.table.read(key)).toMatchObject({ status: 'delivered' });
    expect(await holders()).toEqual(new Set([ID]));
  };

  it.each([1, 2, 3, 4])('ends delivered with the slot: delivered before request %i of not_sent', async (number) => {
    const claimed = await inDoubt();
    const found = await peer().findMessage(ID);
    if (found === undefined) throw new Error('not found');
    let done = false;
    const report = async () => {
      done = true;
      await peer().recordStatus(delivered(claimed.key));
    };

    await setting.table.tapped(number, report).resolveSend(found, 'failed', CLOSED);
    if (!done) await report();

    await expectDelivered(claimed);
  });

  it.each([1, 2, 3, 4])('ends delivered with the slot: not_sent before request %i of delivered', async (number) => {
    const claimed = await inDoubt();
    const found = await peer().findMessage(ID);
    if (found === undefined) throw new Error('not found');
    const settle = () => peer().resolveSend(found, 'failed', CLOSED);

    await setting.table.tapped(number, settle).recordStatus(delivered(claimed.key));

    await expectDelivered(claimed);
  });

  it('takes back no slot where the provider reports a failure before that', async () => {
    const claimed = await inDoubt();
    await setting.service.resolve(ID, { outcome: 'not_sent' });
    const fail = () => peer().recordStatus({ ...delivered(claimed.key), to: 'failed' });

    await setting.table.tapped(2, fail).recordStatus({ ...delivered(claimed.key), to: 'sent' });

    expect(await setting.table.read(claimed.key)).toMatchObject({ status: 'failed' });
    expect(await holders()).toBeUndefined();
  });

  it('takes back no slot of another session', async () => {
    const claimed = await inDoubt();
    await setting.service.resolve(ID, { outcome: 'not_sent' });
    await peer().recordInbound(anArrival({ at: secondsAfterNoon(2 * DAY + 60), id: 'wamid.back' }));
    setting.service.setNow(secondsAfterNoon(4 * DAY));
    const { body } = await setting.service.send(TEMPLATE);
    expect(body).toMatchObject({ status: 'sent', usedReengagement: true });

    await peer().recordStatus(delivered(claimed.key));

    expect(await holders()).toEqual(new Set([body['id']]));
  });
});

describe('record and claim that are deleted one after the other', () => {
  const remove = (key: ItemKey) =>
    setting.table.documents.send(new DeleteCommand({ TableName: setting.table.tableName, Key: { ...key } }));
  const sent = async () => {
    const { body } = await setting.service.send(TEXT, 'order-7');
    const claim = sendKey(String(body['id']));
    const { messagePk, messageSk } = (await setting.table.read(claim)) as Record<string, string>;
    return { id: String(body['id']), claim, record: { pk: String(messagePk), sk: String(messageSk) } };
  };
  /** The customer writes again once the key's life has ended. */
  const afterRetention = async () => {
    const end = secondsAfterNoon(31 * DAY);
    await peer().recordInbound(anArrival({ at: end, id: 'wamid.month' }));
    setting.service.setNow(end);
  };

  it('within the life of the key never lead to a second message: the record first', async () => {
    const { id, record } = await sent();
    await remove(record);

    expect(await setting.service.send(TEXT, 'order-7')).toMatchObject({
      status: 404,
      body: { code: 'unknown_message', id },
    });
    expect(await setting.service.resolve(id, { outcome: 'sent' })).toMatchObject({ status: 404 });
    expect(await setting.service.message(id)).toMatchObject({ status: 404 });
    expect(setting.provider.calls).toHaveLength(1);
  });

  it.each(['claim', 'record'] as const)('after it free the key: the %s first', async (first) => {
    const items = await sent();
    await remove(items[first]);
    await afterRetention();

    const again = await setting.service.send(TEXT, 'order-7');

    expect(again).toMatchObject({ status: 201, body: { id: items.id } });
    expect(again.headers).not.toHaveProperty('idempotent-replayed');
    expect((await setting.service.message(items.id)).body).toMatchObject({
      status: 'sent',
      createdAt: secondsAfterNoon(31 * DAY).toISOString(),
    });
    expect(setting.provider.calls).toHaveLength(2);
  });

  it.each([2, 3])('while an operator settles it: before request %i', async (number) => {
    setting.answer({ hangUp: true });
    const { id, record } = await sent();
    const found = await peer().findMessage(id);
    if (found === undefined) throw new Error('not found');
    const store = setting.table.tapped(number - 1, () => remove(record));

    expect(await store.resolveSend(found, 'sent', NOON)).toBeUndefined();
    expect(await setting.table.read(record)).toBeUndefined();
  });

  it('while a repeat puts it in doubt', async () => {
    setting.table.wire.reset();
    setting.table.wire.failAt(2, 'before');
    const { id, record } = await sent();
    const found = await peer().findMessage(id);
    if (found === undefined) throw new Error('not found');
    await remove(record);

    expect(await peer().markInDoubt(found, secondsAfterNoon(61))).toBeUndefined();
  });
});

describe('the use of the slot', () => {
  it('fails when a session has opened and ended since the decision', async () => {
    const state = await peer().loadSendState({ channel: CHANNEL, customer: CUSTOMER, templates: [] });
    // Only the maximum that outlives the session tells of it.
    await setting.table.documents.send(
      new UpdateCommand({
        TableName: setting.table.tableName,
        Key: { ...customerKey(CHANNEL, CUSTOMER) },
        UpdateExpression: 'SET lastOpenedAt = :at',
        ExpressionAttributeValues: { ':at': NOON_SECONDS + 60 },
      }),
    );

    const claimed = await peer().claimSend(aClaimOfSlot({ id: ID, state, now: CLOSED }));

    expect(claimed).toEqual({ kind: 'changed' });
    expect(await holders()).toBeUndefined();
  });
});
