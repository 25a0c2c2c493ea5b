import * as z from 'zod';
import type { Assembly } from '../assembly/assembly.ts';
import type { Ledger } from '../aws/ledger.ts';
import type { Queues } from '../aws/queues.ts';
import type { Functions } from './functions.ts';

/** What the rehearsal knows of a mapping; one with more would be run by half. */
export const Mapping = z.strictObject({
  BatchSize: z.number(),
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  FunctionResponseTypes: z.tuple([z.literal('ReportBatchItemFailures')]),
  Tags: z.unknown().optional(),
});

const BatchResponse = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

/** An event source of the template, in the hands of Lambda. */
export interface EventSource {
  /** Passes on what waits; resolves to the number of messages or records that it took. */
  readonly pump: () => Promise<number>;
}

export interface MappingOptions {
  readonly assembly: Assembly;
  readonly functions: Functions;
  readonly queues: Queues;
  readonly ledger: Ledger;
  /** The milliseconds of the clock, with the time that a story let pass. */
  readonly now: () => number;
}

/** The items that the function reported as failed; all, when it failed itself. */
export const invokeBatch = async (
  { functions }: MappingOptions,
  arn: string,
  records: readonly unknown[],
): Promise<readonly string[] | 'all'> => {
  const outcome = await functions.invoke(arn, { Records: records });
  if (outcome.kind === 'failed') return 'all';
  return BatchResponse.parse(outcome.value).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
};

/** What Lambda does with the role of the function to read its event source. */
export const usePoller = (
  { functions, ledger }: MappingOptions,
  arn: string,
  access: [string, string[], string],
): void => {
  const [service, actions, resource] = access;
  for (const action of actions) ledger.authorize(functions.roleOf(arn), { action: `${service}:${action}`, resource });
};
