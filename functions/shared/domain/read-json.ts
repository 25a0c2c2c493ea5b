import type * as z from 'zod';

/** Parses a text, or the bytes of one; `undefined` for what is no JSON. */
export const parseJson = (body: string | Uint8Array): { readonly json: unknown } | undefined => {
  try {
    return { json: JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body)) };
  } catch {
    return undefined;
  }
};

/** Reads an answer; `undefined` for what is no JSON or not of that shape. */
export const readJson = <T>(text: string, schema: z.ZodType<T>): T | undefined =>
  schema.safeParse(parseJson(text)?.json).data;

/** The answers of a WhatsApp Flow are JSON inside a text; what is no JSON stays the text it is. */
export const parseFlowResponse = (response: unknown): unknown =>
  typeof response === 'string' ? (parseJson(response)?.json ?? response) : response;
