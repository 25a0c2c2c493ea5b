import { parseAst } from 'rolldown/parseAst';
import * as z from 'zod';

export interface Pattern {
  readonly source: string;
  readonly flags: string;
}

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

const nameOf = (identifier: Node): string => String(identifier['name']);

/** A node and all nodes in it. */
const nodesOf = (value: unknown): readonly Node[] => {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  return isNode(value) ? [value, ...Object.values(value).flatMap(nodesOf)] : [];
};

/** The syntax nodes of a file. */
export const parse = (file: string, text: string): readonly Node[] =>
  nodesOf(parseAst(text, { lang: file.endsWith('x') ? 'tsx' : 'ts' }).body);

type Names = ReadonlyMap<string, string>;

/** The names of literal texts, such as `const ID_PATTERN = '…'`. */
export const namedTexts = (nodes: readonly Node[]): Names =>
  new Map(
    nodes.flatMap(({ type, id, init }) =>
      type === 'VariableDeclarator' && isNode(id) && isNode(init) && typeof init['value'] === 'string'
        ? [[nameOf(id), init['value']]]
        : [],
    ),
  );

/** The value of a text; fails for one of unknown parts, since what cannot be read cannot be checked. */
const textOf = (node: unknown, names: Names): string => {
  if (isNode(node) && typeof node['value'] === 'string') return node['value'];
  const named = isNode(node) && node.type === 'Identifier' ? names.get(nameOf(node)) : undefined;
  if (named !== undefined) return named;
  if (!isNode(node) || node.type !== 'TemplateLiteral')
    throw new Error('A regular expression is made of more than literals and named texts: no check can read it.');
  const texts = node['quasis'] as readonly { readonly value: { readonly cooked: string } }[];
  const values = (node['expressions'] as readonly Node[]).map((expression) => textOf(expression, names));
  return texts.map(({ value }, index) => value.cooked + (values[index] ?? '')).join('');
};

/** The names by which something is called, such as `z`, `iso`, `date`. */
const calleeOf = (node: unknown): readonly string[] => {
  if (!isNode(node)) return [];
  if (node.type === 'MemberExpression') return [...calleeOf(node['object']), ...calleeOf(node['property'])];
  return node.type === 'Identifier' ? [nameOf(node)] : [];
};

/** Methods of a text that make a regular expression of a text. */
const CONVERTING: readonly (string | undefined)[] = ['match', 'matchAll', 'search'];

const isText = (node: unknown): boolean =>
  isNode(node) && (typeof node['value'] === 'string' || node.type === 'TemplateLiteral');

/** Kinds of values, which zod does not read with a pattern. */
const KINDS = ['string', 'number', 'bigint', 'boolean', 'null', 'undefined'];

/** The pattern of a format of zod, such as `z.iso.date()`. */
const formatOf = (name = ''): readonly Pattern[] => {
  if (KINDS.includes(name)) return [];
  const format: unknown = Reflect.get(z.regexes, name);
  const pattern: unknown = typeof format === 'function' ? format({ offset: true }) : format;
  return pattern instanceof RegExp ? [pattern] : [];
};

const patternsOf = (node: Node, names: Names): readonly Pattern[] => {
  if (node.type === 'Literal' && 'regex' in node) {
    const { pattern, flags } = node['regex'] as { readonly pattern: string; readonly flags: string };
    return [{ source: pattern, flags }];
  }
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return [];
  const callee = calleeOf(node['callee']);
  const [first, second] = node['arguments'] as readonly Node[];
  if (callee[0] === 'RegExp')
    return [{ source: textOf(first, names), flags: second === undefined ? '' : textOf(second, names) }];
  if (CONVERTING.includes(callee.at(-1)) && isText(first)) return [{ source: textOf(first, names), flags: '' }];
  return callee[0] === 'z' ? formatOf(callee.at(-1)) : [];
};

/** Every regular expression of a file: literals, those made of text, and the formats of zod. */
export const patternsIn = (nodes: readonly Node[], names: Names): readonly Pattern[] =>
  nodes.flatMap((node) => patternsOf(node, names));
