export type Random = () => number;
export type Json = unknown;

export const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

const nested = (depth: number): Json => {
  let value: Json = 'deep';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
};

/** What a field may be instead of what is expected there. */
const JUNK: readonly Json[] = [
  null,
  true,
  false,
  '',
  ' ',
  '\u0000',
  '\ud800',
  'x\udc00y',
  '\u202e\u200b\ufeff',
  '👩‍👩‍👧‍👦',
  'e\u0301'.repeat(40),
  'a'.repeat(5_000),
  'ß'.repeat(300),
  '-1',
  '0x10',
  '1e999',
  'NaN',
  -1,
  0,
  1.5,
  -0,
  1e300,
  5e-324,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  99_999_999_999_999,
  [],
  [[]],
  {},
  { constructor: { prototype: { polluted: true } } },
  '__proto__',
  'constructor',
  'STOP',
  '+49',
  '9999999999999',
  '2026-13-41T99:99:99Z',
  '+275760-09-13T00:00:00.001Z',
  'javascript:alert(1)',
  'https://[::1]:99999/',
  '<script>',
  '{{1}}',
  '{{'.repeat(1_000),
  '((((((((((((((((((((a+)+)+)+)+)+)+)+)+)+)+',
  ' '.repeat(2_000),
  '24HR '.repeat(400),
  '"'.repeat(500),
  nested(40),
];

/** Keys that mean something to JavaScript. */
const KEYS = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '', '\ud800', 'a.b', 'x'.repeat(300)];

const withKey = (object: Json, key: string, value: Json): Json => {
  const copy = { ...(object as object) };
  // An assignment would set the prototype.
  Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true });
  return copy;
};

/** A value of another type that means the same. */
const retyped = (value: Json): Json => {
  if (typeof value === 'string') return Number(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : [value];
};

const mutateList = (random: Random, list: readonly Json[]): Json => {
  const place = Math.floor(random() * list.length);
  const chance = random();
  if (chance < 0.1) return [...list, list[place]];
  if (chance < 0.15) return list.filter((_, index) => index !== place);
  if (chance < 0.2) return retyped(list);
  return list.map((one, index) => (index === place ? mutate(random, one) : one));
};

const mutateObject = (random: Random, object: object): Json => {
  const names = Object.keys(object).filter((name) => Reflect.get(object, name) !== undefined);
  const chance = random();
  if (names.length === 0 || chance < 0.05) return withKey(object, pick(random, KEYS), pick(random, JUNK));
  const name = pick(random, names);
  const { [name]: old, ...others } = object as Readonly<Record<string, Json>>;
  if (chance < 0.15) return others;
  if (chance < 0.2) return withKey(others, `${name}x`, old);
  return withKey(object, name, mutate(random, old));
};

/** The value with one of its parts replaced, removed, repeated, renamed or of another type. */
const mutate = (random: Random, value: Json): Json => {
  if (random() < 0.05) return pick(random, JUNK);
  if (Array.isArray(value) && value.length > 0) return mutateList(random, value);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return mutateObject(random, value);
  if (typeof value === 'string' && random() < 0.3) return mutateText(random, value);
  return random() < 0.15 ? retyped(value) : pick(random, JUNK);
};

/** The value with one or more mutations. */
export const mutated = (random: Random, value: Json): Json => {
  let changed = mutate(random, value);
  while (random() < 0.4) changed = mutate(random, changed);
  return changed;
};

const splice = (text: string, place: number, removed: number, added: string): string =>
  text.slice(0, place) + added + text.slice(place + removed);

const CHARACTERS = ['\u0000', '"', '\\', '{', ']', '\ud83d', '\u2028', '%', ' ', '9', 'é', '\t', ',', '/', '#', '='];

/** A text with a character replaced, removed, inserted or repeated, or its end cut off. */
export const mutateText = (random: Random, text: string): string => {
  const place = Math.floor(random() * (text.length + 1));
  const chance = random();
  if (chance < 0.4) return splice(text, place, 1, pick(random, CHARACTERS));
  if (chance < 0.6) return splice(text, place, 1, '');
  if (chance < 0.8) return splice(text, place, 0, pick(random, CHARACTERS));
  return chance < 0.9 ? text.slice(0, place) : splice(text, place, 0, text.slice(place, place + 40).repeat(20));
};

/** JSON that no value makes: repeated keys, numbers that JSON does not have or that are too large, deep nesting, half escapes. */
const RAW = [
  '"type":"text","type":{}',
  '"__proto__":{"channel":"support"}',
  ...['NaN', '-Infinity', '1e999', '-0', '1E400', '00', '"\\ud800"', '"\\u0000"', "'x'", '/**/', '1'.repeat(2_000)].map(
    (value) => `"x":${value}`,
  ),
  `"x":${'['.repeat(6_000)}${']'.repeat(6_000)}`,
  `"x":${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`,
  '"x":'.repeat(50),
];

/** The JSON text of a mutated value, in one of ten also changed as text; it goes as UTF-8, which has no half surrogate pairs. */
export const mutatedJson = (random: Random, value: Json): string => changedJson(random, value).toWellFormed();

const changedJson = (random: Random, value: Json): string => {
  const text = JSON.stringify(mutated(random, value)) ?? '';
  const chance = random();
  if (chance < 0.05) return mutateText(random, text);
  if (chance < 0.08) return text.replace('{', () => `{${pick(random, RAW)},`);
  return chance < 0.1 ? text.replace(/:(?:"[^"]*"|\d+)/, () => `:${pick(random, RAW).split(':').at(-1) ?? '0'}`) : text;
};

/** Bytes with some of them changed, cut off or added. */
export const mutateBytes = (random: Random, bytes: Uint8Array): Uint8Array => {
  const copy = Buffer.from(bytes);
  const chance = random();
  if (chance < 0.1) return copy.subarray(0, Math.floor(random() * copy.length));
  if (chance < 0.2) return Buffer.concat([copy, Buffer.from([Math.floor(random() * 256)])]);
  const place = Math.floor(random() * copy.length);
  copy[place] = (copy[place] ?? 0) ^ (1 << Math.floor(random() * 8));
  return copy;
};
