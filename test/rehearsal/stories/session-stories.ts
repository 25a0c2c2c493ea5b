import { deepStrictEqual } from 'node:assert';
import { setTimeout } from 'node:timers/promises';
import { aTemplate, aText, eventTypes, expectAnswer, type Story, write } from './story.ts';

const CONSENT = 'PUT /v1/channels/{channel}/customers/{customer}/consent';
const SESSION = 'GET /v1/channels/{channel}/customers/{customer}/session';
const OPT_IN = { state: 'opted_in', source: 'website', actor: 'checkout' };

const DAY_MS = 86_400_000;

/** The clocks of AWS cannot be set: so the customer wrote nearly a day ago, and the webhook is late. */
const nearlyADayAgo = (leftMs: number): string => new Date(Date.now() - DAY_MS + leftMs).toISOString();

/** The daily schedule reads the templates of every provider. */
export const readTemplates: Story = {
  name: 'the schedule reads the templates, and the API reads them on request',
  play: async ({ call, runSchedule, settle }) => {
    await runSchedule('TemplateSync');
    for (const channel of ['orders', 'returns', 'sales']) {
      const { body } = expectAnswer(await call('GET /v1/channels/{channel}/templates', { path: { channel } }), 200);
      deepStrictEqual(JSON.stringify(body).includes('hello_again'), true, channel);
    }
    expectAnswer(
      await call('POST /v1/channels/{channel}/templates/sync', { path: { channel: 'orders' }, body: {} }),
      200,
    );
    await settle();
  },
};

export const windowEnds: Story = {
  name: 'the window ends: the sweep closes it, a text is refused, one template re-opens the conversation',
  play: async (rehearsal) => {
    const { call, runSchedule, settle } = rehearsal;
    const customer = '+15551230010';
    const path = { channel: 'orders', customer };
    const send = (body: object) => call('POST /v1/messages', { body });
    await write(rehearsal, { channel: 'orders', from: customer, at: nearlyADayAgo(4_000) });
    expectAnswer(await call(CONSENT, { path, body: OPT_IN }), 200);
    await runSchedule('WindowSweep');
    await setTimeout(4_500);
    await runSchedule('WindowSweep');
    await settle();

    const types = eventTypes(rehearsal, customer).filter((type) => type.startsWith('session.'));
    deepStrictEqual(types, ['session.opened', 'session.closing', 'session.closed']);
    expectAnswer(await send(aText('orders', customer)), 409, 'window_closed');
    expectAnswer(await send(aTemplate('orders', customer)), 201);
    expectAnswer(await send(aTemplate('orders', customer)), 409, 'reengagement_used');
    await write(rehearsal, { channel: 'orders', from: customer });
    deepStrictEqual((await call(SESSION, { path })).body['state'], 'open');
    expectAnswer(await send(aText('orders', customer)), 201);
  },
};

export const optOut: Story = {
  name: 'a customer who writes STOP gets no message',
  play: async (rehearsal) => {
    const { call } = rehearsal;
    const customer = '+15551230011';
    await write(rehearsal, { channel: 'orders', from: customer, text: 'Stop' });
    await rehearsal.settle();

    expectAnswer(await call('POST /v1/messages', { body: aText('orders', customer) }), 409, 'opted_out');
    deepStrictEqual(eventTypes(rehearsal, customer).includes('consent.changed'), true);
  },
};

export const botAndPerson: Story = {
  name: 'a person takes over from a bot',
  play: async (rehearsal) => {
    const { call } = rehearsal;
    const customer = '+15551230012';
    const path = { channel: 'orders', customer };
    const take = (as: string) =>
      call('POST /v1/channels/{channel}/customers/{customer}/session/take', { path, body: { as } });
    await write(rehearsal, { channel: 'orders', from: customer });

    expectAnswer(await take('person'), 200);
    const asBot = await call('POST /v1/messages', { body: { ...aText('orders', customer), as: 'bot' } });
    expectAnswer(asBot, 409, 'owned_by_human');
    expectAnswer(
      await call('POST /v1/channels/{channel}/customers/{customer}/session/release', { path, body: { as: 'person' } }),
      200,
    );
  },
};

/** A number at Sinch and one at AWS End User Messaging Social. */
export const otherProviders: Story = {
  name: 'the same at Sinch and at AWS End User Messaging Social, with the statuses of what was sent',
  play: async (rehearsal) => {
    const { call, simulator, settle } = rehearsal;
    for (const channel of ['returns', 'sales']) {
      const customer = channel === 'returns' ? '+15551230013' : '+15551230014';
      await write(rehearsal, { channel, from: customer });
      await settle();
      const { body } = expectAnswer(await call('POST /v1/messages', { body: aText(channel, customer) }), 201);
      const id = String(body['id']);
      await simulator.report({ id, status: 'delivered' });
      await settle();

      const message = await call('GET /v1/messages/{id}', { path: { id } });
      deepStrictEqual(message.body['status'], 'delivered', channel);
      deepStrictEqual(
        eventTypes(rehearsal, customer).filter((type) => type === 'message.status').length > 0,
        true,
        channel,
      );
    }
  },
};

/** Meta and AWS name a customer by number and user id. */
export const twoNames: Story = {
  name: 'a customer who writes under a number and under a user id has one window',
  play: async (rehearsal) => {
    const { call, settle } = rehearsal;
    for (const channel of ['orders', 'sales']) {
      const [customer, userId] = channel === 'orders' ? ['+15551230015', 'US.4711'] : ['+15551230016', 'US.4712'];
      await write(rehearsal, { channel, from: customer });
      await write(rehearsal, { channel, from: customer, userId });
      await write(rehearsal, { channel, userId });
      await settle();

      for (const name of [customer, userId]) {
        const { body } = expectAnswer(await call(SESSION, { path: { channel, customer: name } }), 200);
        deepStrictEqual([body['state'], body['customer']], ['open', customer], channel);
      }
    }
  },
};
