import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** An item as DynamoDB stores it. */
export type Item = Readonly<Record<string, AttributeValue>>;

type Kind = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'M' | 'L' | 'SS' | 'NS' | 'BS';

const kindOf = (value: AttributeValue): Kind => Object.keys(value)[0] as Kind;

/** Beyond these two UTF-16 and UTF-8 sort differently. */
const SURROGATES = /[\ud800-\uffff]/;

/** The order of DynamoDB's strings: by their UTF-8 bytes. */
export const compareText = (one: string, other: string): number => {
  if (one === other) return 0;
  if (SURROGATES.test(one) || SURROGATES.test(other)) return Buffer.compare(Buffer.from(one), Buffer.from(other));
  return one < other ? -1 : 1;
};

/** The order of two values of the same kind; `undefined` where DynamoDB knows none. */
export const compareValues = (one: AttributeValue, other: AttributeValue): number | undefined => {
  if (one.S !== undefined && other.S !== undefined) return compareText(one.S, other.S);
  if (one.N !== undefined && other.N !== undefined) return Number(one.N) - Number(other.N);
  return undefined;
};

const areSame = (one: Item, other: Item): boolean => {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => {
      const [mine, theirs] = [one[name], other[name]];
      return mine !== undefined && theirs !== undefined && isEqual(mine, theirs);
    })
  );
};

const isSameSet = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((member) => other.includes(member));

const areEqual = (one: readonly AttributeValue[], other: readonly AttributeValue[]): boolean =>
  one.length === other.length &&
  one.every((value, index) => {
    const match = other[index];
    return match !== undefined && isEqual(value, match);
  });

/** Whether two values are equal; the members of a set have no order. */
export const isEqual = (one: AttributeValue, other: AttributeValue): boolean => {
  const kind = kindOf(one);
  if (kind !== kindOf(other)) return false;
  if (kind === 'N') return Number(one.N) === Number(other.N);
  if (kind === 'M') return areSame(one.M ?? {}, other.M ?? {});
  if (kind === 'L') return areEqual(one.L ?? [], other.L ?? []);
  if (kind === 'SS') return isSameSet(one.SS ?? [], other.SS ?? []);
  if (kind === 'NS') return isSameSet(one.NS ?? [], other.NS ?? []);
  return one[kind] === other[kind];
};

/** Whether two images of an item are equal. */
export const isSameItem = (one: Item | undefined, other: Item | undefined): boolean =>
  one === undefined || other === undefined ? one === other : areSame(one, other);

const bytesOf = (text: string): number => Buffer.byteLength(text);

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
const sizeOfValue = (value: AttributeValue): number => {
  if (value.S !== undefined) return bytesOf(value.S);
  if (value.N !== undefined) return Math.ceil(value.N.replace(/[-.]/g, '').length / 2) + 1;
  if (value.M !== undefined)
    return 3 + Object.entries(value.M).reduce((sum, [name, inner]) => sum + 1 + bytesOf(name) + sizeOfValue(inner), 0);
  if (value.L !== undefined) return 3 + value.L.reduce((sum, inner) => sum + 1 + sizeOfValue(inner), 0);
  if (value.SS !== undefined) return value.SS.reduce((sum, member) => sum + bytesOf(member), 0);
  return 1;
};

/** The size of an item, which limits it and the pages of a query. */
export const sizeOfItem = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + bytesOf(name) + sizeOfValue(value), 0);
