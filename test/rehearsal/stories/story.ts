import { deepStrictEqual } from 'node:assert';
import type * as z from 'zod';
import { WriteRequest } from '../../../infra/local/simulator/write-request.ts';
import type { Answered } from '../callers.ts';
import type { Rehearsal } from '../rehearsal.ts';

/** A story of the README that is played on the deployed artefact; rejects where it goes another way. */
export interface Story {
  readonly name: string;
  readonly play: (rehearsal: Rehearsal) => Promise<void>;
}

/** Rejects an answer with another status, or with another code of a problem; returns it. */
export const expectAnswer = (answered: Answered, status: number, code?: string): Answered => {
  deepStrictEqual({ status: answered.status, code: answered.code }, { status, code }, JSON.stringify(answered.body));
  return answered;
};

/** The types of the events about a customer that were put on the bus, in their order. */
export const eventTypes = ({ events }: Rehearsal, customer: string): readonly string[] =>
  events()
    .filter(({ detail }) => detail['customer'] === customer)
    .map((event) => event['detail-type']);

/** The types of the events about a customer that an endpoint accepted, in their order. */
export const deliveredTypes = ({ endpoints }: Rehearsal, url: string, customer: string): readonly string[] =>
  endpoints
    .delivered()
    .filter((delivered) => delivered.url === url && delivered.data['customer'] === customer)
    .map(({ type }) => type);

/** A customer writes a text at the simulated provider, whose webhook or event the stage accepts; returns the id of the message. */
export const write = async ({ simulator }: Rehearsal, request: z.input<typeof WriteRequest>): Promise<string> => {
  const content = 'file' in request ? {} : { text: 'Where is my order?' };
  const posted = await simulator.write(WriteRequest.parse({ ...content, ...request }));
  if (!('webhook' in posted)) throw new Error(posted.detail);
  deepStrictEqual(posted.webhook.status, 200);
  return posted.messageId;
};

export const aText = (channel: string, to: string) => ({
  channel,
  to,
  content: { type: 'text', text: 'How can we help?' },
});

export const aTemplate = (channel: string, to: string) => ({
  channel,
  to,
  content: { type: 'template', name: 'hello_again', language: 'en_US' },
});
