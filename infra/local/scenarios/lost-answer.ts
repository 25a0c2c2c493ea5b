import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { callsOf, textsFromBusiness } from './calls.ts';
import type { Call, Scenario } from './scenario.ts';

const Sent = z.object({ id: z.string() });

/** The provider accepts a message, and its answer is lost. */
export const lostAnswer: Scenario = {
  name: 'lost-answer',
  title: 'Lost answer',
  about: 'The provider accepts a message and never answers: it is in doubt, never sent twice, and a status settles it.',
  play: async (player) => {
    const { step, prove } = player;
    const { write, text, phone } = callsOf(player);
    const headers = { 'idempotency-key': randomUUID() };
    const send: Call = { ...text('Your order has arrived.'), headers };
    await step('The customer writes.', write('Where is my order?'), { status: 200 });
    await step(
      'The next answer of the provider will be lost.',
      {
        method: 'POST',
        path: '/_local/provider/faults',
        body: { provider: player.provider, kind: 'timeout_after_accept' },
      },
      { status: 200 },
    );
    const sent = await step('The outcome is unknown.', send, { status: 202, body: { status: 'in_doubt' } });
    const { id } = Sent.parse(sent.body);
    const again = await step('The same request again sends nothing.', send, { status: 202, body: { id } });
    const texts = textsFromBusiness(await step('The phone shows one message.', phone(), { status: 200 }));
    const report: Call = { method: 'POST', path: '/_local/provider/status', body: { id, status: 'delivered' } };
    await step('The provider reports the delivery.', report, { status: 200 });
    const message: Call = { method: 'GET', path: `/v1/messages/${id}` };
    await step('The message is delivered.', message, { status: 200, body: { status: 'delivered' } });
    prove('The customer got the message once, though it was asked for twice.', texts.length === 1);
    prove('Both requests were answered with the same message.', Sent.parse(again.body).id === id);
  },
};
