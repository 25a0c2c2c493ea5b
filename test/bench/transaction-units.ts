import { SESSIONS_TABLE } from '../../functions/shared/store/table.ts';

/** Write units of an operation, and those of them for the index. */
export interface WriteUnits {
  readonly units: number;
  readonly index: number;
}

interface Operation {
  readonly Put?: { readonly Item?: object };
}

/** An item is prepared and committed: two units for each KB of it, and of an item that is not put, for its only one. */
const ofItem = ({ Put }: Operation): number =>
  2 * Math.max(1, Math.ceil(JSON.stringify(Put?.Item ?? {}).length / 1_024));

/** Whether an operation writes an entry of the index, which costs one unit more. */
const writesIndex = (operation: object): boolean =>
  !('ConditionCheck' in operation) && JSON.stringify(operation).includes(SESSIONS_TABLE.byDueAt.partitionKey);

/** The units of a transaction by DynamoDB's rules: DynamoDB Local reports those of one of its items alone. */
export const transactionUnits = (input: object): WriteUnits => {
  const { TransactItems = [] } = input as { readonly TransactItems?: readonly Operation[] };
  const index = TransactItems.filter(writesIndex).length;
  return { units: TransactItems.reduce((sum, operation) => sum + ofItem(operation), index), index };
};
