import type * as z from 'zod';

/** A surrogate pair that is escaped, a lone surrogate that is escaped, or any other escape. */
const ESCAPES = /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(\\u[dD][89a-fA-F][\da-fA-F]{2})|\\./gs;

/** Well-formed JSON text, keys included: every lone surrogate is U+FFFD, as in bytes that are not UTF-8 (R2). */
const toWellFormedJson = (text: string): string =>
  text.replace(ESCAPES, (match: string, lone: string | undefined) => (lone === undefined ? match : '\\ufffd'));

/** Parses JSON text or its bytes, with ill-formed Unicode made well-formed (R2); `undefined` when it is no JSON. */
export const parseJson = (body: string | Uint8Array): { readonly json: unknown } | undefined => {
  try {
    const text = typeof body === 'string' ? body.toWellFormed() : new TextDecoder().decode(body);
    return { json: JSON.parse(toWellFormedJson(text)) };
  } catch {
    return undefined;
  }
};

/** Parses JSON text with a schema; `undefined` when it is no JSON or does not match. */
export const readJson = <T>(text: string, schema: z.ZodType<T>): T | undefined =>
  schema.safeParse(parseJson(text)?.json).data;

/** Parses the response of a WhatsApp Flow, which is JSON inside a string; another string is kept, and so is an object. */
export const parseFlowResponse = (response: unknown): unknown =>
  typeof response === 'string' ? (parseJson(response)?.json ?? response) : response;
