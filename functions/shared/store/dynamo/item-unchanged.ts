import { ITEM_ABSENT } from './conditions.ts';
import type { Item } from './read-items.ts';

const KEY = ['pk', 'sk'];

/**
 * Holds while the stored item is what was read, in the attributes that it has and in those that it could have; while none is
 * stored when none was. No writer can change the item unseen.
 */
export const itemUnchanged = (item: Item | undefined, attributes: readonly string[]) => {
  if (item === undefined) return ITEM_ABSENT;
  const names = [...new Set([...Object.keys(item), ...attributes])].filter((name) => !KEY.includes(name));
  const isStored = (name: string): boolean => item[name] !== undefined;
  const stored = names.filter(isStored);
  return {
    ConditionExpression: [
      'attribute_exists(pk)',
      ...names.map((name, index) =>
        isStored(name) ? `#same${index} = :same${stored.indexOf(name)}` : `attribute_not_exists(#same${index})`,
      ),
    ].join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name, index) => [`#same${index}`, name])),
    ...(stored.length === 0
      ? {}
      : { ExpressionAttributeValues: Object.fromEntries(stored.map((name, index) => [`:same${index}`, item[name]])) }),
  };
};
