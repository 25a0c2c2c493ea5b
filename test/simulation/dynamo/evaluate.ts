import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { invalid, invalidForItem } from './faults.ts';
import type { Condition, NewValue, Operand, Path, Update } from './parse-expression.ts';
import { compareValues, type Item, isEqual } from './values.ts';

/** What an expression names beside itself. */
export interface Names {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Item;
}

type Value = AttributeValue | undefined;

const nameOf = (part: string | number, { names }: Names): string | number => {
  if (typeof part === 'number' || !part.startsWith('#')) return part;
  const name = names[part];
  if (name === undefined) throw invalid(`the attribute name ${part} is not defined`);
  return name;
};

const givenValue = (name: string, { values }: Names): AttributeValue => {
  const value = values[name];
  if (value === undefined) throw invalid(`the attribute value ${name} is not defined`);
  return value;
};

const read = (item: Item, path: Path, given: Names): Value =>
  path.reduce<Value>(
    (value, part) => {
      const name = nameOf(part, given);
      return typeof name === 'number' ? value?.L?.[name] : value?.M?.[name];
    },
    { M: item },
  );

const sizeOf = (value: Value): Value => {
  if (value === undefined) return undefined;
  const members = value.SS ?? value.NS ?? value.L;
  if (members !== undefined) return { N: String(members.length) };
  return value.S === undefined
    ? { N: String(Object.keys(value.M ?? {}).length) }
    : { N: String(Buffer.byteLength(value.S)) };
};

const readOperand = (item: Item, operand: Operand, given: Names): Value => {
  if (operand.kind === 'value') return givenValue(operand.name, given);
  const value = read(item, operand.path, given);
  return operand.kind === 'size' ? sizeOf(value) : value;
};

const contains = (container: Value, member: Value): boolean => {
  if (container === undefined || member === undefined) return false;
  if (container.S !== undefined) return member.S !== undefined && container.S.includes(member.S);
  if (container.L !== undefined) return container.L.some((one) => isEqual(one, member));
  if (container.SS !== undefined) return member.S !== undefined && container.SS.includes(member.S);
  return container.NS !== undefined && member.N !== undefined && container.NS.includes(member.N);
};

const compare = (operator: string, left: Value, right: Value): boolean => {
  // What is absent differs from everything, and is in no order with anything.
  if (operator === '<>') return left === undefined || right === undefined || !isEqual(left, right);
  if (left === undefined || right === undefined) return false;
  if (operator === '=') return isEqual(left, right);
  const order = compareValues(left, right);
  if (order === undefined) return false;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
};

const evaluateFunction = (name: string, [first, second]: readonly Value[]): boolean => {
  if (name === 'attribute_exists') return first !== undefined;
  if (name === 'attribute_not_exists') return first === undefined;
  if (name === 'contains') return contains(first, second);
  return first?.S !== undefined && second?.S !== undefined && first.S.startsWith(second.S);
};

/** Whether a condition holds for an item. */
export const evaluate = (condition: Condition, item: Item, given: Names): boolean => {
  const value = (operand: Operand) => readOperand(item, operand, given);
  switch (condition.kind) {
    case 'and':
      return evaluate(condition.left, item, given) && evaluate(condition.right, item, given);
    case 'or':
      return evaluate(condition.left, item, given) || evaluate(condition.right, item, given);
    case 'not':
      return !evaluate(condition.condition, item, given);
    case 'compare':
      return compare(condition.operator, value(condition.left), value(condition.right));
    case 'between': {
      const middle = value(condition.operand);
      return compare('>=', middle, value(condition.from)) && compare('<=', middle, value(condition.to));
    }
    case 'in':
      return condition.list.some((one) => compare('=', value(condition.operand), value(one)));
    case 'function':
      return evaluateFunction(condition.name, condition.operands.map(value));
  }
};

const numberOf = (value: AttributeValue): number => {
  if (value.N === undefined) throw invalidForItem('an operand of the update has an incorrect data type');
  return Number(value.N);
};

const listOf = (value: AttributeValue): AttributeValue[] => {
  if (value.L === undefined) throw invalidForItem('an operand of the update has an incorrect data type');
  return value.L;
};

const newValue = (item: Item, from: NewValue, given: Names): AttributeValue => {
  switch (from.kind) {
    case 'if_not_exists':
      return read(item, from.path, given) ?? newValue(item, from.value, given);
    case 'list_append':
      return { L: [...listOf(newValue(item, from.first, given)), ...listOf(newValue(item, from.second, given))] };
    case '+':
    case '-': {
      const [left, right] = [numberOf(newValue(item, from.left, given)), numberOf(newValue(item, from.right, given))];
      return { N: String(from.kind === '+' ? left + right : left - right) };
    }
    case 'path':
    case 'size':
    case 'value': {
      const value = readOperand(item, from, given);
      if (value === undefined) throw invalidForItem('the update refers to an attribute that is not in the item');
      return value;
    }
  }
};

type Change = readonly [path: Path, value: Value];

const added = (old: Value, by: AttributeValue): AttributeValue => {
  if (by.N !== undefined) return { N: String((old === undefined ? 0 : numberOf(old)) + Number(by.N)) };
  if (by.SS === undefined || (old !== undefined && old.SS === undefined))
    throw invalidForItem('an operand of the update has an incorrect data type');
  return { SS: [...new Set([...(old?.SS ?? []), ...by.SS])] };
};

const without = (old: Value, members: AttributeValue): Value => {
  if (members.SS === undefined || (old !== undefined && old.SS === undefined))
    throw invalidForItem('an operand of the update has an incorrect data type');
  const left = (old?.SS ?? []).filter((member) => !members.SS?.includes(member));
  return left.length === 0 ? undefined : { SS: left };
};

const changesOf = (update: Update, item: Item, given: Names): readonly Change[] => [
  ...update.set.map(({ path, value }): Change => [path, newValue(item, value, given)]),
  ...update.remove.map((path): Change => [path, undefined]),
  ...update.add.map(({ path, value }): Change => [path, added(read(item, path, given), givenValue(value, given))]),
  ...update.delete.map(({ path, value }): Change => [path, without(read(item, path, given), givenValue(value, given))]),
];

/** The item with one change; the store changes whole attributes alone. */
const change = (item: Item, [name, ...rest]: readonly (string | number)[], value: Value): Item => {
  if (typeof name !== 'string' || rest.length > 0)
    throw new Error('the simulated table changes whole attributes alone');
  const { [name]: _, ...others } = item;
  return value === undefined ? others : { ...others, [name]: value };
};

/** Two paths of one update may not overlap, whatever is stored. */
export const checkUpdate = (update: Update, given: Names): void => {
  const changed = [...update.set, ...update.add, ...update.delete].map(({ path }) => path);
  const paths = [...changed, ...update.remove].map(
    (path) => `${JSON.stringify(path.map((part) => nameOf(part, given))).slice(0, -1)},`,
  );
  if (paths.some((one, index) => paths.some((other, place) => place !== index && other.startsWith(one))))
    throw invalid('two paths of the update overlap');
};

/** The bounds of a range that are given must be in order, whatever is stored. */
export const checkCondition = (condition: Condition, given: Names): void => {
  if (condition.kind === 'and' || condition.kind === 'or') {
    checkCondition(condition.left, given);
    checkCondition(condition.right, given);
  } else if (condition.kind === 'not') checkCondition(condition.condition, given);
  else if (condition.kind === 'between' && condition.from.kind === 'value' && condition.to.kind === 'value') {
    const order = compareValues(givenValue(condition.from.name, given), givenValue(condition.to.name, given));
    if (order === undefined || order > 0) throw invalid('the upper bound is below the lower one');
  }
};

/** The item after an update; every operand is that of the item before it. */
export const applyUpdate = (update: Update, item: Item, given: Names): Item =>
  changesOf(update, item, given).reduce(
    (changed, [path, value]) =>
      change(
        changed,
        path.map((part) => nameOf(part, given)),
        value,
      ),
    item,
  );
