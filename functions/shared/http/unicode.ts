import type { FieldError } from './problem.ts';

const ILL_FORMED = 'holds half of a surrogate pair (such as \\ud83d alone): send whole characters';
const NUL = 'holds U+0000, which WhatsApp does not accept: leave it out';

const faultIn = (text: string): string | undefined => {
  if (!text.isWellFormed()) return ILL_FORMED;
  return text.includes('\u0000') ? NUL : undefined;
};

const faultsOf = (path: readonly string[], message: string | undefined): readonly FieldError[] =>
  message === undefined ? [] : [{ path: path.join('.'), message }];

/** A key as the path of an error shows it: also one that is empty or no text for a caller. */
export const fieldName = (key: string): string => key.toWellFormed().replaceAll('\u0000', '\ufffd') || '""';

const faultsAt = (path: readonly string[], value: unknown): readonly FieldError[] => {
  if (typeof value === 'string') return faultsOf(path, faultIn(value));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = [...path, fieldName(key)];
    return [...faultsOf(at, faultIn(key)), ...faultsAt(at, inner)];
  });
};

/** One error for each text of a JSON value, keys included, that is ill-formed Unicode or holds U+0000 (R2). */
export const unicodeFaults = (value: unknown): readonly FieldError[] => faultsAt([], value);

const isWellEncoded = (text: string): boolean => {
  try {
    return faultIn(decodeURIComponent(text.replaceAll('+', ' '))) === undefined;
  } catch {
    return false;
  }
};

const nameOf = (pair: string): string => {
  const name = pair.split('=', 1)[0] ?? '';
  return isWellEncoded(name) ? decodeURIComponent(name) : '';
};

/** One error for each parameter of a query string whose percent-encoding is not that of UTF-8, or that holds U+0000. */
export const queryFaults = (query: string): readonly FieldError[] =>
  query
    .split('&')
    .filter((pair) => !isWellEncoded(pair))
    .map((pair) => ({ path: nameOf(pair), message: 'is not percent-encoded UTF-8 without U+0000' }));
