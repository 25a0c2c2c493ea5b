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

/** Names the limit and its owner; the limits of WhatsApp have messages of their own in the schemas. */
const ofLength = (issue: z.core.$ZodRawIssue): string | undefined => {
  if (issue.code !== 'too_big' && issue.code !== 'too_small') return undefined;
  const unit = UNITS[issue.origin];
  if (unit === undefined) return undefined;
  return issue.code === 'too_big'
    ? `has more than ${issue.maximum} ${unit}, the most that CareWindow accepts`
    : `has fewer than ${issue.minimum} ${unit}`;
};

/** Replaces zod's messages that name its own concepts. */
const inPlainWords: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'is required';
  if (issue.code === 'invalid_union' && Array.isArray(issue.options))
    return `is not one of: ${issue.options.join(', ')}`;
  return ofLength(issue);
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
