import type * as z from 'zod';

/** Parses JSON text or its bytes; `undefined` when it is no JSON. */
export const parseJson = (body: string | Uint8Array): { readonly json: unknown } | undefined => {
  try {
    return { json: JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body)) };
  } catch {
    return undefined;
  }
};

/** Parses JSON text with a schema; `undefined` when it is no JSON or does not match. */
export const readJson = <T>(text: string, schema: z.ZodType<T>): T | undefined =>
  schema.safeParse(parseJson(text)?.json).data;

/** Parses the response of a WhatsApp Flow, which is JSON inside a string; another string is kept. */
export const parseFlowResponse = (response: unknown): unknown =>
  typeof response === 'string' ? (parseJson(response)?.json ?? response) : response;
