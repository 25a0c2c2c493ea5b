import { awsClientLimits } from '../../../functions/shared/network/aws-client-limits.ts';
import { conflicted, throttled, throughputExceeded, transactionConflicted, transactionThrottled } from './faults.ts';
import type { Request } from './memory-client.ts';

/** The attempts of a client of the service. */
const { maxAttempts } = awsClientLimits(4);

/** What prevents a request for milliseconds, or for longer than all attempts of the SDK take. */
export type Contention = 'conflict' | 'throttled' | 'throttled_for_long';

const operationsOf = ({ name, input }: Request): number | undefined =>
  name === 'TransactWriteItems' ? (input['TransactItems'] as readonly unknown[]).length : undefined;

/** Answers a request again, as the SDK's second attempt. */
export const runAgain = (run: () => object): object => {
  try {
    return run();
  } catch (fault) {
    throw Object.assign(fault as object, { $metadata: { attempts: 2 } });
  }
};

/** Answers a request that DynamoDB has refused to run: the SDK repeats what is throttled, but no cancelled transaction. */
export const runContended = (request: Request, contention: Contention, run: () => object): object => {
  const operations = operationsOf(request);
  if (contention === 'conflict') throw operations === undefined ? conflicted() : transactionConflicted(operations);
  if (contention === 'throttled_for_long')
    throw operations === undefined ? throughputExceeded(maxAttempts) : throttled(maxAttempts);
  if (operations !== undefined) throw transactionThrottled(operations);
  return runAgain(run);
};
