import { AsyncLocalStorage } from 'node:async_hooks';
import { buffer } from 'node:stream/consumers';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { HttpResponse } from '@smithy/core/protocols';
import type { Act } from './measure.ts';

/** An answer of the table, byte for byte. */
interface Answer {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** The answers to one operation by the customer that a request names, in the order of the requests. */
type Answers = Map<string, Answer[]>;

interface Operation {
  readonly answers: Answers;
  /** How many each customer's requests have been given; absent while answers are kept. */
  readonly given?: Map<string, number>;
}

const customerIn = (request: unknown): string =>
  /CUSTOMER#[^"]+/.exec(String((request as { readonly body?: unknown }).body))?.[0] ?? '';

const give = ({ answers, given = new Map() }: Operation, customer: string): HttpResponse => {
  const place = given.get(customer) ?? 0;
  given.set(customer, place + 1);
  const answer = answers.get(customer)?.[place];
  if (answer === undefined) throw new Error('a request has no answer that was kept');
  return new HttpResponse({ ...answer });
};

/**
 * Keeps what the table answers to operations and gives the same answers again without it, to the handler as to raw requests:
 * what they cost then is the processor's time of this process alone.
 */
export const keepAnswers = (clients: readonly Pick<DynamoDBClient, 'middlewareStack'>[]) => {
  const current = new AsyncLocalStorage<Operation>();
  for (const { middlewareStack } of clients)
    middlewareStack.add(
      (next) => async (args) => {
        const operation = current.getStore();
        if (operation === undefined) return next(args);
        const customer = customerIn(args.request);
        if (operation.given !== undefined) return { response: give(operation, customer), output: {} as never };
        const { response, ...others } = await next(args);
        const { statusCode, headers, body } = response as HttpResponse;
        const answer = { statusCode, headers, body: await buffer(body) };
        operation.answers.set(customer, [...(operation.answers.get(customer) ?? []), answer]);
        return { ...others, response: new HttpResponse({ ...answer }) };
      },
      { step: 'deserialize', priority: 'low', name: 'answers' },
    );
  const kept: Answers[] = [];
  return {
    /** Keeps the answers to these operations. */
    keep: (acts: readonly Act[]): readonly Act[] =>
      acts.map((act, index) => () => {
        const answers: Answers = new Map();
        kept[index] = answers;
        return current.run({ answers }, act);
      }),
    /** The same operations on the answers that were kept. */
    give: (acts: readonly Act[]): readonly Act[] =>
      acts.map(
        (act, index) => () => current.run({ answers: kept[index] ?? new Map(), given: new Map<string, number>() }, act),
      ),
  };
};
