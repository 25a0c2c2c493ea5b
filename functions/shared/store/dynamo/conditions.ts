/** Holds while an item is stored under the key. */
export const ITEM_EXISTS = { ConditionExpression: 'attribute_exists(pk)' } as const;

/** Holds while no item is stored under the key. */
export const ITEM_ABSENT = { ConditionExpression: 'attribute_not_exists(pk)' } as const;

/** Asks DynamoDB for the stored item when a condition fails, so that the loser needs no second read. */
export const RETURN_OLD_ITEM = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
