/** Names as the expression writes them, `#name` where they are given beside it. */
export type Path = readonly (string | number)[];

export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'size'; readonly path: Path };

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'compare'; readonly operator: string; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly from: Operand; readonly to: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly list: readonly Operand[] }
  | { readonly kind: 'function'; readonly name: string; readonly operands: readonly Operand[] };

export type NewValue =
  | Operand
  | { readonly kind: 'if_not_exists'; readonly path: Path; readonly value: NewValue }
  | { readonly kind: 'list_append'; readonly first: NewValue; readonly second: NewValue }
  | { readonly kind: '+' | '-'; readonly left: NewValue; readonly right: NewValue };

export interface Update {
  readonly set: readonly { readonly path: Path; readonly value: NewValue }[];
  readonly remove: readonly Path[];
  readonly add: readonly { readonly path: Path; readonly value: string }[];
  readonly delete: readonly { readonly path: Path; readonly value: string }[];
}

export class SyntaxFault extends Error {
  override readonly name = 'SyntaxFault';
}

const TOKEN = /\s*(<>|<=|>=|[=<>(),.+[\]-]|[#:][\w-]+|[A-Za-z_]\w*|\d+)/y;

const KNOWN_TOKENS = new Map<string, readonly string[]>();

const splitTokens = (text: string): readonly string[] => {
  const tokens: string[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const [, token] = TOKEN.exec(text) ?? [];
    if (token === undefined) throw new SyntaxFault(`no token in ${text}`);
    tokens.push(token);
  }
  return tokens;
};

/** The words and signs of an expression; each text is split once. */
export const tokensOf = (text: string): readonly string[] => {
  const known = KNOWN_TOKENS.get(text);
  if (known !== undefined) return known;
  const tokens = splitTokens(text);
  KNOWN_TOKENS.set(text, tokens);
  return tokens;
};

const COMPARATORS = new Set(['=', '<>', '<', '<=', '>', '>=']);
const FUNCTIONS = new Set(['attribute_exists', 'attribute_not_exists', 'begins_with', 'contains']);

/** Reads the tokens of one expression from left to right. */
const readerOf = (text: string) => {
  const tokens = tokensOf(text);
  let at = 0;
  const peek = (): string | undefined => tokens[at];
  const isNext = (word: string): boolean => peek()?.toUpperCase() === word;
  const take = (): string => {
    const token = tokens[at];
    if (token === undefined) throw new SyntaxFault(`${text} ends too early`);
    at += 1;
    return token;
  };
  const accept = (word: string): boolean => {
    if (!isNext(word)) return false;
    at += 1;
    return true;
  };
  const expect = (word: string): void => {
    if (!accept(word)) throw new SyntaxFault(`${text} needs ${word} before ${peek()}`);
  };
  const listOf = <T>(read: () => T): readonly T[] => {
    const list = [read()];
    while (accept(',')) list.push(read());
    return list;
  };
  return { peek, isNext, take, accept, expect, listOf };
};
type Reader = ReturnType<typeof readerOf>;

const readPath = (reader: Reader): Path => {
  const path: (string | number)[] = [reader.take()];
  for (;;)
    if (reader.accept('.')) path.push(reader.take());
    else if (reader.accept('[')) {
      path.push(Number(reader.take()));
      reader.expect(']');
    } else return path;
};

const readOperand = (reader: Reader): Operand => {
  if (reader.peek()?.startsWith(':')) return { kind: 'value', name: reader.take() };
  const path = readPath(reader);
  if (path[0] !== 'size' || !reader.accept('(')) return { kind: 'path', path };
  const sized = readPath(reader);
  reader.expect(')');
  return { kind: 'size', path: sized };
};

const readTest = (reader: Reader): Condition => {
  const name = reader.peek();
  if (name !== undefined && FUNCTIONS.has(name)) {
    reader.take();
    reader.expect('(');
    const operands = reader.listOf(() => readOperand(reader));
    reader.expect(')');
    return { kind: 'function', name, operands };
  }
  const operand = readOperand(reader);
  if (reader.accept('BETWEEN')) {
    const from = readOperand(reader);
    reader.expect('AND');
    return { kind: 'between', operand, from, to: readOperand(reader) };
  }
  if (reader.accept('IN')) {
    reader.expect('(');
    const list = reader.listOf(() => readOperand(reader));
    reader.expect(')');
    return { kind: 'in', operand, list };
  }
  const operator = reader.take();
  if (!COMPARATORS.has(operator)) throw new SyntaxFault(`${operator} compares nothing`);
  return { kind: 'compare', operator, left: operand, right: readOperand(reader) };
};

const readNegation = (reader: Reader): Condition => {
  if (reader.accept('NOT')) return { kind: 'not', condition: readNegation(reader) };
  if (!reader.accept('(')) return readTest(reader);
  const condition = readAlternatives(reader);
  reader.expect(')');
  return condition;
};

const readConjunction = (reader: Reader): Condition => {
  const left = readNegation(reader);
  return reader.accept('AND') ? { kind: 'and', left, right: readConjunction(reader) } : left;
};

const readAlternatives = (reader: Reader): Condition => {
  const left = readConjunction(reader);
  return reader.accept('OR') ? { kind: 'or', left, right: readAlternatives(reader) } : left;
};

const readNewValue = (reader: Reader): NewValue => {
  const one = readNewOperand(reader);
  if (reader.accept('+')) return { kind: '+', left: one, right: readNewOperand(reader) };
  if (reader.accept('-')) return { kind: '-', left: one, right: readNewOperand(reader) };
  return one;
};

const readNewOperand = (reader: Reader): NewValue => {
  if (reader.accept('IF_NOT_EXISTS')) {
    reader.expect('(');
    const path = readPath(reader);
    reader.expect(',');
    const value = readNewValue(reader);
    reader.expect(')');
    return { kind: 'if_not_exists', path, value };
  }
  if (!reader.accept('LIST_APPEND')) return readOperand(reader);
  reader.expect('(');
  const first = readNewValue(reader);
  reader.expect(',');
  const second = readNewValue(reader);
  reader.expect(')');
  return { kind: 'list_append', first, second };
};

const readUpdate = (reader: Reader): Update => {
  const update = {
    set: [] as Update['set'][number][],
    remove: [] as Path[],
    add: [] as Update['add'][number][],
    delete: [] as Update['delete'][number][],
  };
  const change = () => ({ path: readPath(reader), value: reader.take() });
  const assignment = () => {
    const path = readPath(reader);
    reader.expect('=');
    return { path, value: readNewValue(reader) };
  };
  while (reader.peek() !== undefined)
    if (reader.accept('SET')) update.set.push(...reader.listOf(assignment));
    else if (reader.accept('REMOVE')) update.remove.push(...reader.listOf(() => readPath(reader)));
    else if (reader.accept('ADD')) update.add.push(...reader.listOf(change));
    else if (reader.accept('DELETE')) update.delete.push(...reader.listOf(change));
    else throw new SyntaxFault(`${reader.peek()} is no clause of an update`);
  return update;
};

/** Reads each text once. */
const cached = <T>(read: (reader: Reader) => T): ((text: string) => T) => {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const reader = readerOf(text);
    const result = read(reader);
    if (reader.peek() !== undefined) throw new SyntaxFault(`${text} goes on after its end`);
    known.set(text, result);
    return result;
  };
};

export const parseCondition = cached(readAlternatives);
export const parseUpdate = cached(readUpdate);
