import * as z from 'zod';
import type { Answer, Call, Player } from './scenario.ts';

type Place = Pick<Player, 'channel' | 'customer'>;

const post = (path: string, body?: object): Call => ({ method: 'POST', path, ...(body === undefined ? {} : { body }) });

const HELLO_AGAIN = { type: 'template', name: 'hello_again', language: 'en_US' } as const;

/** The calls of the stories. */
export const callsOf = ({ channel, customer }: Place) => ({
  write: (text: string) => post('/_local/provider/inbound', { channel, from: customer, text }),
  optIn: (source: string): Call => ({
    method: 'PUT',
    path: `/v1/channels/${channel}/customers/${customer}/consent`,
    body: { state: 'opted_in', source, actor: 'the scenario' },
  }),
  text: (text: string) => post('/v1/messages', { channel, to: customer, content: { type: 'text', text } }),
  template: () => post('/v1/messages', { channel, to: customer, content: HELLO_AGAIN }),
  passes: (advanceSeconds: number) => post('/_local/clock', { advanceSeconds }),
  sweep: () => post('/_local/sweep'),
  phone: (): Call => ({
    method: 'GET',
    path: `/_local/provider/phone?${new URLSearchParams({ channel, from: customer }).toString()}`,
  }),
  session: (): Call => ({ method: 'GET', path: `/v1/channels/${channel}/customers/${customer}/session` }),
});

const Phone = z.object({
  messages: z.array(z.object({ by: z.string(), type: z.string(), text: z.string().optional() })),
});

/** The texts that reached the phone of the customer. */
export const textsFromBusiness = ({ body }: Answer): readonly string[] =>
  Phone.parse(body)
    .messages.filter(({ by }) => by === 'business')
    .map(({ text = '' }) => text);
