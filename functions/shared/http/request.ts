import type * as z from 'zod';
import type { HttpEvent } from './handler.ts';
import type { FieldError, ProblemDetails } from './problem.ts';
import { fieldName, unicodeFaults } from './unicode.ts';

/** The exact bytes of the body, which signatures cover (R15). */
export const rawBody = ({ body, isBase64Encoded }: HttpEvent): Uint8Array =>
  Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: ProblemDetails };

/** An `invalid_request` problem with one error for each invalid field. */
export const invalidRequest = (
  errors: readonly FieldError[],
): { readonly ok: false; readonly problem: ProblemDetails } => ({
  ok: false,
  problem: {
    code: 'invalid_request',
    detail: errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; '),
    errors,
  },
});

/** What a length counts, by the kind of value. */
const UNITS: Readonly<Record<string, string>> = { string: 'characters', array: 'entries' };

type SizeIssue = z.core.$ZodRawIssue<z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall>;

/** Names the limit and its owner; the limits of WhatsApp have messages of their own in the schemas. */
const ofSize = (issue: SizeIssue): string => {
  const unit = UNITS[issue.origin];
  if (issue.code === 'too_big')
    return unit === undefined
      ? `must be at most ${issue.maximum}`
      : `has more than ${issue.maximum} ${unit}, the most that CareWindow accepts`;
  if (unit !== undefined) return `has fewer than ${issue.minimum} ${unit}`;
  return issue.inclusive === false ? `must be more than ${issue.minimum}` : `must be at least ${issue.minimum}`;
};

/** The types of JSON, by zod's names. */
const TYPES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const ofType = (expected: string): string | undefined => {
  const type = TYPES[expected];
  return type && `must be ${type}`;
};

const ofValues = (values: readonly unknown[]): string =>
  values.length === 1 ? `must be ${String(values[0])}` : `is not one of: ${values.join(', ')}`;

/** Replaces zod's messages that name its own concepts. */
const inPlainWords: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'too_big' || issue.code === 'too_small') return ofSize(issue);
  if (issue.code === 'invalid_union') return Array.isArray(issue.options) ? ofValues(issue.options) : undefined;
  if (issue.code !== 'invalid_type' && issue.code !== 'invalid_value') return undefined;
  if (issue.input === undefined) return 'is required';
  return issue.code === 'invalid_type' ? ofType(issue.expected) : ofValues(issue.values);
};

/** Each unknown key is an error at its own path. */
const toFieldErrors = (issue: z.core.$ZodIssue): readonly FieldError[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({ path: [...issue.path, fieldName(key)].join('.'), message: 'is not a known field' }))
    : [{ path: issue.path.join('.'), message: issue.message }];

/** Validates a value against its schema; each error has a dotted path. */
export const parseWith = <S extends z.ZodType>(schema: S, value: unknown): Parsed<z.infer<S>> => {
  const result = schema.safeParse(value, { error: inPlainWords });
  return result.success ? { ok: true, value: result.data } : invalidRequest(result.error.issues.flatMap(toFieldErrors));
};

/** Far above any request that WhatsApp supports, and small enough for one table item. */
const MAX_BODY_BYTES = 128 * 1024;
const MAX_DEPTH = 32;

const isDeeperThan = (depth: number, value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (depth === 0 || Object.values(value).some((inner) => isDeeperThan(depth - 1, inner)));

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const utf8 = new TextDecoder('utf-8', { fatal: true });

const parseJson = (body: Uint8Array): Parsed<unknown> => {
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    return invalidRequest([{ path: '', message: 'the body is not UTF-8: encode it as UTF-8' }]);
  }
  if (text.trim() === '')
    return invalidRequest([
      { path: '', message: 'the body is empty: send content-type application/json with an object' },
    ]);
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return invalidRequest([
      { path: '', message: 'the body is not JSON: send content-type application/json with an object' },
    ]);
  }
};

/** Parses and validates a JSON body of at most so many bytes. */
export const parseBody = <S extends z.ZodType>(
  schema: S,
  event: HttpEvent,
  maxBytes = MAX_BODY_BYTES,
): Parsed<z.infer<S>> => {
  const body = rawBody(event);
  if (body.length > maxBytes)
    return {
      ok: false,
      problem: { code: 'body_too_large', detail: `CareWindow accepts at most ${maxBytes} bytes in this request.` },
    };
  const parsed = parseJson(body);
  if (!parsed.ok) return parsed;
  if (!isObject(parsed.value))
    return invalidRequest([
      { path: '', message: 'the body is JSON, but no object: send the fields of this call in one' },
    ]);
  if (isDeeperThan(MAX_DEPTH, parsed.value))
    return invalidRequest([{ path: '', message: `the body is nested more than ${MAX_DEPTH} levels deep` }]);
  const faults = unicodeFaults(parsed.value);
  return faults.length === 0 ? parseWith(schema, parsed.value) : invalidRequest(faults);
};
