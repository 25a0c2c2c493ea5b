import { callsOf, textsFromBusiness } from './calls.ts';
import type { Scenario } from './scenario.ts';

const MINUTE = 60;
const DAY = 86_400;

/** A customer sends STOP and writes again later. */
export const stop: Scenario = {
  name: 'stop',
  title: 'STOP',
  about: 'A customer sends STOP: nothing is sent any more, until the customer writes or opts in again.',
  play: async (player) => {
    const { step, prove } = player;
    const { write, optIn, passes, sweep, text, template, phone } = callsOf(player);
    await step('The website has recorded an opt-in.', optIn('website'), { status: 200, body: { state: 'opted_in' } });
    await step('A minute passes.', passes(MINUTE), { status: 200 });
    await step('The customer writes.', write('Hello'), { status: 200 });
    await step('A minute passes.', passes(MINUTE), { status: 200 });
    await step('The customer sends STOP.', write(' Stop '), { status: 200 });
    await step('Every message is refused.', text('Sorry to see you go.'), { status: 409, body: { code: 'opted_out' } });
    await step('A template too.', template(), { status: 409, body: { code: 'opted_out' } });
    const afterStop = textsFromBusiness(await step('The phone shows nothing.', phone(), { status: 200 }));
    await step('An hour passes.', passes(60 * MINUTE), { status: 200 });
    await step('The customer writes again.', write('One more question'), { status: 200 });
    await step('Inside this window the business may answer.', text('Gladly.'), { status: 201 });
    await step('A day passes.', passes(DAY), { status: 200 });
    await step('The sweep closes the session.', sweep(), { status: 200 });
    await step('The opt-out is still in force.', template(), { status: 409, body: { code: 'opted_out' } });
    await step('The customer opts in again by phone.', optIn('phone call'), { status: 200 });
    await step('The template is sent.', template(), { status: 201 });
    const atTheEnd = textsFromBusiness(await step('The phone shows two messages.', phone(), { status: 200 }));
    prove('After STOP nothing reached the customer.', afterStop.length === 0);
    prove('Only the answer to a question and the template after the new opt-in did.', atTheEnd.length === 2);
  },
};
