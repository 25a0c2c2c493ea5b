import { callsOf, textsFromBusiness } from './calls.ts';
import type { Scenario } from './scenario.ts';

const THREE_DAYS = 259_200;

/** A customer writes on Friday, the agent answers on Monday. */
export const fridayToMonday: Scenario = {
  name: 'friday-to-monday',
  title: 'Friday to Monday',
  about: 'A customer writes on Friday and is answered on Monday: one template re-opens the conversation.',
  play: async (player) => {
    const { step, prove } = player;
    const { write, optIn, passes, sweep, text, template, phone, session } = callsOf(player);
    await step('On Friday the customer writes.', write('Where is my order?'), { status: 200 });
    await step('The website has recorded an opt-in.', optIn('website'), { status: 200, body: { state: 'opted_in' } });
    await step('Three days pass.', passes(THREE_DAYS), { status: 200 });
    await step('The sweep closes the session.', sweep(), { status: 200 });
    await step('The session is closed.', session(), { status: 200, body: { state: 'closed' } });
    await step('On Monday a text is refused; a template may be sent.', text('On its way.'), {
      status: 409,
      body: { code: 'window_closed', nextAction: 'send_template' },
    });
    await step('The template is sent.', template(), { status: 201, body: { sentAs: 'template' } });
    await step('A second one is refused.', template(), {
      status: 409,
      body: { code: 'reengagement_used', nextAction: 'wait_for_customer' },
    });
    const before = textsFromBusiness(await step('The phone shows one message.', phone(), { status: 200 }));
    await step('The customer answers: a window opens.', write('Tell me'), { status: 200 });
    await step('The text is sent.', text('On its way.'), { status: 201, body: { sentAs: 'session' } });
    const after = textsFromBusiness(await step('The phone shows both.', phone(), { status: 200 }));
    prove('After the window had closed, one template and no text reached the customer.', before.length === 1);
    prove('Once the customer had answered, the text was sent freely.', after.at(-1) === 'On its way.');
  },
};
