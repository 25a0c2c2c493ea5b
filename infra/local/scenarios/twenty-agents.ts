import { callsOf, textsFromBusiness } from './calls.ts';
import type { Scenario } from './scenario.ts';

const AGENTS = 20;
const DAY = 86_400;

/** Twenty agents send the same template at once. */
export const twentyAgents: Scenario = {
  name: 'twenty-agents',
  title: 'Twenty agents at once',
  about: 'Twenty agents send a template in the same moment: one is sent, nineteen are refused with the reason.',
  play: async (player) => {
    const { step, atOnce, prove } = player;
    const { write, optIn, passes, sweep, template, phone } = callsOf(player);
    await step('The customer writes.', write('Hello'), { status: 200 });
    await step('The website has recorded an opt-in.', optIn('website'), { status: 200 });
    await step('A day passes.', passes(DAY), { status: 200 });
    await step('The sweep closes the session.', sweep(), { status: 200 });
    const answers = await atOnce(`${AGENTS} agents send a template at once.`, template(), AGENTS);
    const texts = textsFromBusiness(await step('The phone shows one template.', phone(), { status: 200 }));
    const count = (status: number): number => answers.filter((answer) => answer.status === status).length;
    prove('One template was sent.', count(201) === 1 && texts.length === 1);
    prove('Nineteen agents were refused, and told why.', count(409) === AGENTS - 1);
  },
};
