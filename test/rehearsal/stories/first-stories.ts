import { deepStrictEqual, ok } from 'node:assert';
import { aText, deliveredTypes, eventTypes, expectAnswer, type Story, write } from './story.ts';

const ENDPOINT = 'https://crm.example.com/hooks?tenant=7';

/** A webhook of Meta opens the window; its events reach the endpoint, signed. */
export const webhookToDelivery: Story = {
  name: 'a customer writes by a signed webhook, and the CRM gets the events over HTTPS',
  play: async (rehearsal) => {
    const customer = '+15551230001';
    await write(rehearsal, { channel: 'orders', from: customer });
    await rehearsal.settle();

    deepStrictEqual(eventTypes(rehearsal, customer).toSorted(), ['message.received', 'session.opened']);
    deepStrictEqual(deliveredTypes(rehearsal, ENDPOINT, customer).toSorted(), ['message.received', 'session.opened']);
    // The endpoint of the bot selects two types, of which one occurred.
    deepStrictEqual(deliveredTypes(rehearsal, 'https://bot.example.com/', customer), ['message.received']);
  },
};

/** The open window lets a text pass; a customer who never wrote gets none. */
export const sendAndRefusal: Story = {
  name: 'an agent answers in the window, and a message outside it is refused',
  play: async (rehearsal) => {
    const { call } = rehearsal;
    const customer = '+15551230002';
    await write(rehearsal, { channel: 'orders', from: customer });

    const sent = expectAnswer(await call('POST /v1/messages', { body: aText('orders', customer) }), 201);
    const refused = await call('POST /v1/messages', { body: aText('orders', '+15551230003') });
    expectAnswer(refused, 409, 'window_closed');
    ok(rehearsal.simulator.calls.list().some(({ path }) => path.endsWith('/messages')));
    deepStrictEqual(sent.body['status'], 'sent');
  },
};
