import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BUILT_IN } from '../../../infra/shared/local-configuration.ts';
import { aLocalService, postMeta } from '../../support/local.ts';

const CUSTOMER = '+15551234567';
const HOUR = 3_600;
const OLD_ID = 'US.1000000000000001';
const NEW_ID = 'US.2000000000000002';

const META = { account: 'demo-meta', phoneNumberId: '106540352242922' };
const A_TEXT = { type: 'text', text: 'How can we help?' };
const A_TEMPLATE = { type: 'template', name: 'hello_again', language: 'en_US', purpose: 'notification' };

type Service = Awaited<ReturnType<typeof aLocalService>>;

/** The service on one table, with the number's channel `care` at Meta or at AWS. */
const at = async (provider: 'support' | 'support-aws', tableName: string, movedFrom?: object) => {
  const channels = BUILT_IN.channels
    .filter(({ id }) => id === provider || id === 'support-sinch')
    .map((channel) => (channel.id === provider ? { ...channel, id: 'care', movedFrom } : channel));
  return aLocalService({ tableName, configuration: { ...BUILT_IN, channels } });
};

/** What is done while the number is at Meta, and the service after the move to AWS, an hour later. */
const moved = async (portfolio: 'same' | 'other', before: (service: Service) => Promise<void>) => {
  const tableName = `local-${randomUUID()}`;
  const atMeta = await at('support', tableName);
  await before(atMeta);
  const { now } = (await atMeta.call('GET', '/_local/clock')).body;
  await atMeta.stop();
  const movedAt = new Date(Date.parse(now) + HOUR * 1000).toISOString();
  const service = await at('support-aws', tableName, { at: movedAt, portfolio, ...META });
  await service.clock({ now: movedAt });
  await service.clock({ advanceSeconds: 60 });
  const sendTo = (to: string, content: object = A_TEXT) =>
    service.call('POST', '/v1/messages', { body: { channel: 'care', to, content } });
  const sentTo = async () =>
    (await service.calls()).map(({ body }) => {
      const { message } = body as { message: string };
      const { to, recipient } = JSON.parse(Buffer.from(message, 'base64').toString());
      return to ?? recipient;
    });
  return { ...service, sendTo, sentTo, tableName };
};

const optIn = ({ call }: Service, customer: string) =>
  call('PUT', `/v1/channels/care/customers/${customer}/consent`, {
    body: { state: 'opted_in', source: 'website', actor: 'customer' },
  });

describe('a number that moves from Meta to AWS', () => {
  it('keeps window, consent, thread and the statuses of what was sent, and sends through AWS from then on', async () => {
    let sent = '';
    let window: Record<string, unknown> = {};
    const after = await moved('same', async (service) => {
      await service.write({ channel: 'care', from: CUSTOMER, text: 'Hello' });
      await optIn(service, CUSTOMER);
      sent = (await service.send('care', CUSTOMER)).body.id;
      window = (await service.session('care', CUSTOMER)).body;
    });
    const { openedAt, expiresAt } = window;

    expect((await after.session('care', CUSTOMER)).body).toMatchObject({
      state: 'open',
      expiresAt,
      openedAt,
      consent: { state: 'opted_in' },
    });
    await after.write({ channel: 'care', from: CUSTOMER, text: 'Now at AWS' });
    expect((await after.sendTo(CUSTOMER)).status).toBe(201);
    expect((await after.sendTo(CUSTOMER, A_TEMPLATE)).status).toBe(201);

    expect((await after.message(sent)).body).toMatchObject({ status: 'sent', channel: 'care' });
    expect((await after.thread('care', CUSTOMER)).body.messages).toHaveLength(5);
    expect((await after.calls()).map(({ provider }) => provider)).toEqual(['aws-social', 'aws-social']);
    expect((await after.session('care', CUSTOMER)).body).toMatchObject({ state: 'open', openedAt });
  });

  it('settles a send in doubt by a status that comes to the account before', async () => {
    let id = '';
    let reference = '';
    const after = await moved('same', async (service) => {
      await service.write({ channel: 'care', from: CUSTOMER, text: 'Hello' });
      await service.fault({ provider: 'meta', kind: 'timeout_before_accept', times: 1 });
      const sent = await service.send('care', CUSTOMER);
      expect(sent).toMatchObject({ status: 202, body: { status: 'in_doubt' } });
      id = sent.body.id;
      reference = JSON.parse(JSON.stringify((await service.calls())[0])).body.biz_opaque_callback_data;
    });

    const posted = await postMeta(after.url, {
      object: 'whatsapp_business_account',
      entry: [
        {
          id: '102290129340398',
          changes: [
            {
              field: 'messages',
              value: {
                messaging_product: 'whatsapp',
                metadata: { display_phone_number: '15550783881', phone_number_id: META.phoneNumberId },
                statuses: [
                  {
                    id: 'wamid.before',
                    status: 'delivered',
                    timestamp: String(Math.floor(Date.now() / 1000)),
                    recipient_id: CUSTOMER.slice(1),
                    biz_opaque_callback_data: reference,
                  },
                ],
              },
            },
          ],
        },
      ],
    });

    expect(posted.status).toBe(200);
    expect((await after.message(id)).body).toMatchObject({ status: 'delivered', providerMessageId: 'wamid.before' });
  });
});

describe('a number that moves to another portfolio', () => {
  it('is not sent to a user id of the one before, by no kind of message, until the customer writes again', async () => {
    const after = await moved('other', async (service) => {
      await service.write({ channel: 'care', userId: OLD_ID, text: 'Hello' });
      await optIn(service, OLD_ID);
    });
    const outdated = { code: 'user_id_outdated', nextAction: 'wait_for_customer' };

    expect(await after.sendTo(OLD_ID)).toMatchObject({ status: 409, body: outdated });
    expect(await after.sendTo(OLD_ID, A_TEMPLATE)).toMatchObject({ status: 409, body: outdated });
    const check = await after.call('POST', '/v1/messages/check', {
      body: { channel: 'care', to: OLD_ID, content: A_TEXT },
    });
    expect(check.body).toMatchObject({ allowed: false, ...outdated });
    expect(await after.calls()).toEqual([]);

    await after.write({ channel: 'care', userId: NEW_ID, text: 'Hello again' });
    expect((await after.sendTo(NEW_ID)).status).toBe(201);
    expect(await after.sentTo()).toEqual([NEW_ID]);
  });

  it('refuses an opt-out as such before a user id, whose way out is another name', async () => {
    const after = await moved('other', async (service) => {
      await service.write({ channel: 'care', userId: OLD_ID, text: 'STOP' });
    });

    expect(await after.sendTo(OLD_ID, A_TEMPLATE)).toMatchObject({ status: 409, body: { code: 'opted_out' } });
  });

  it('is sent to the number of a customer who was named by their user id', async () => {
    const after = await moved('other', async (service) => {
      await service.write({ channel: 'care', from: CUSTOMER, userId: OLD_ID, text: 'Hello' });
    });

    expect((await after.sendTo(OLD_ID)).status).toBe(201);
    expect(await after.sentTo()).toEqual([CUSTOMER]);
  });

  it('is the same customer with number and another user id, whose window, consent and thread stay', async () => {
    const after = await moved('other', async (service) => {
      await service.write({ channel: 'care', from: CUSTOMER, userId: OLD_ID, text: 'Hello' });
      await optIn(service, CUSTOMER);
    });
    const { openedAt } = (await after.session('care', CUSTOMER)).body;

    await after.write({ channel: 'care', from: CUSTOMER, userId: NEW_ID, text: 'Hello again' });

    for (const name of [CUSTOMER, OLD_ID, NEW_ID]) {
      expect((await after.session('care', name)).body).toMatchObject({ openedAt, consent: { state: 'opted_in' } });
      expect((await after.thread('care', name)).body.messages).toHaveLength(2);
    }
  });

  it('keeps user ids in the same portfolio', async () => {
    const after = await moved('same', async (service) => {
      await service.write({ channel: 'care', userId: OLD_ID, text: 'Hello' });
    });

    expect((await after.sendTo(OLD_ID)).status).toBe(201);
    expect(await after.sentTo()).toEqual([OLD_ID]);
  });
});
