import type { ConsumedCapacity, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { transactionUnits } from './transaction-units.ts';

export interface Consumed {
  requests: number;
  /** Of reads and writes. */
  units: number;
  writeUnits: number;
}

/** DynamoDB's minimum for a query; DynamoDB Local reports nothing for an empty result. */
const MIN_UNITS = 0.5;

const READS: ReadonlySet<string> = new Set(['BatchGetItemCommand', 'GetItemCommand', 'QueryCommand']);

const unitsOf = (name: string, input: object, output: object): number => {
  if (name === 'TransactWriteItemsCommand') return transactionUnits(input).units;
  const { ConsumedCapacity: consumed = [] } = output as { ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[] };
  return [consumed].flat().reduce((sum, { CapacityUnits = 0 }) => sum + Math.max(MIN_UNITS, CapacityUnits), 0);
};

/** Counts a client's requests and their units. */
export const meter = (client: DynamoDBClient): Consumed => {
  const used: Consumed = { requests: 0, units: 0, writeUnits: 0 };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const answer = await next(args);
      const name = String(context['commandName']);
      const units = unitsOf(name, args.input, answer.output);
      used.requests += 1;
      used.units += units;
      if (!READS.has(name)) used.writeUnits += units;
      return answer;
    },
    { step: 'initialize', name: 'meter' },
  );
  return used;
};
