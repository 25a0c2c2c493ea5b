import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { aLocalService } from '../../support/local.ts';

const CUSTOMER = '+15551234567';
const MINUTE = 60;

const aFaultyService = async (channel: string) => {
  const service = await aLocalService();
  const wire = async (): Promise<readonly { body: string; signature: string; status: number }[]> =>
    (await service.call('GET', '/_local/wire')).body.entries;
  return {
    ...service,
    wire,
    say: async (text: string) => (await service.write({ channel, from: CUSTOMER, text })).body,
    texts: async () =>
      (await service.thread(channel, CUSTOMER)).body.messages
        .map(({ content }: { content: { text: string } }) => content.text)
        .toSorted(),
    faults: async () => (await service.call('GET', '/_local/provider/faults')).body,
  };
};

describe.each([
  ['meta', 'support'],
  ['sinch', 'support-sinch'],
  ['aws-social', 'support-aws'],
])('a webhook of %s', (provider, channel) => {
  it('comes twice with the same bytes, and counts once', async () => {
    const { fault, say, texts, wire, faults } = await aFaultyService(channel);
    await fault({ provider, kind: 'webhook_duplicate' });

    const posted = await say('Hello');
    await say('Again');

    expect(posted.webhook).toEqual({ status: 200 });
    const [first, second, third] = await wire();
    expect(first?.body).toBe(second?.body);
    expect(third?.body).toContain('Again');
    expect(await texts()).toEqual(['Again', 'Hello']);
    expect(await faults()).toEqual({ faults: [], held: [] });
  });

  it('is late by the service’s clock, with a valid signature', async () => {
    const { fault, say, texts, clock, faults, wire } = await aFaultyService(channel);
    await fault({ provider, kind: 'webhook_late', seconds: 20 * MINUTE });

    const posted = await say('Late');
    const before = await texts();
    const held = await faults();
    await clock({ advanceSeconds: 20 * MINUTE });

    expect(posted.webhook).toEqual({ status: null, heldBy: 'webhook_late' });
    expect(before).toEqual([]);
    expect(held).toMatchObject({ faults: [], held: [{ provider, kind: 'webhook_late', until: expect.any(String) }] });
    await eventually(async () => expect(await texts()).toEqual(['Late']));
    expect((await wire()).at(-1)).toMatchObject({ status: 200 });
  });

  it('comes after the next one', async () => {
    const { fault, say, wire } = await aFaultyService(channel);
    await fault({ provider, kind: 'webhook_reordered' });

    const posted = await say('First');
    await say('Second');

    expect(posted.webhook).toEqual({ status: null, heldBy: 'webhook_reordered' });
    const bodies = (await wire()).map(({ body }) => body);
    expect(bodies).toHaveLength(2);
    expect(bodies[0]).toContain('Second');
    expect(bodies[1]).toContain('First');
  });

  it('is posted when the fault that holds it is switched off, and the others stay', async () => {
    const { fault, say, texts, call } = await aFaultyService(channel);
    await fault({ provider, kind: 'webhook_late', times: 3 });
    await fault({ provider, kind: 'http_500', times: 2 });
    await say('Late');

    const left = await call('DELETE', `/_local/provider/faults/${provider}/webhook_late`);

    expect(left.body).toEqual({ faults: [{ provider, kind: 'http_500', times: 2 }], held: [] });
    expect(await texts()).toEqual(['Late']);
  });
});

describe('webhooks of Meta', () => {
  it('come in one body, as many as asked for', async () => {
    const { fault, say, texts, wire } = await aFaultyService('support');
    await fault({ provider: 'meta', kind: 'webhook_batch', times: 3 });

    const posted = [await say('one'), await say('two'), await say('three')];

    expect(posted.map(({ webhook }) => webhook.status)).toEqual([null, null, 200]);
    expect(await wire()).toMatchObject([{ status: 200, signature: 'valid' }]);
    expect(await texts()).toEqual(['one', 'three', 'two']);
  });
});

describe('the end of a fault', () => {
  it('names the field that it does not know', async () => {
    const { call } = await aFaultyService('support');

    expect((await call('DELETE', '/_local/provider/faults/meta/earthquake')).body.errors).toMatchObject([
      { path: 'kind' },
    ]);
    expect((await call('DELETE', '/_local/provider/faults/twilio/http_500')).body.errors).toMatchObject([
      { path: 'provider' },
    ]);
  });
});
