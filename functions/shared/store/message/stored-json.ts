import { beginningOf } from '../../domain/beginning.ts';
import { shortContent } from '../../domain/short-content.ts';

/** A DynamoDB item has at most 400 KB; content and referral together stay well below. */
const MAX_CONTENT_BYTES = 300_000;
const MAX_REFERRAL_BYTES = 50_000;
/** Longer than any name, id or caption of WhatsApp. */
const MAX_TEXT = 1_024;

const toJson = (value: unknown): string | undefined => {
  try {
    return JSON.stringify(value);
  } catch {
    // Nested more deeply than the stack allows: such a body may be signed, but no customer writes it.
    return undefined;
  }
};

/** Content as JSON text; of content that is too large or too deep for the table, the parts that matter and the reason. */
export const storedContent = (content: { readonly type: string }): string => {
  const text = toJson(content);
  if (text === undefined) return JSON.stringify({ ...shortContent(content), tooDeep: true });
  const bytes = Buffer.byteLength(text);
  return bytes <= MAX_CONTENT_BYTES ? text : JSON.stringify({ ...shortContent(content), tooLargeBytes: bytes });
};

/** What cannot be placed, as JSON text; cut where it is too large for the table. */
export const storedRaw = (raw: unknown): string => {
  const text = toJson(raw) ?? '{"tooDeep":true}';
  const bytes = Buffer.from(text);
  return bytes.length <= MAX_CONTENT_BYTES ? text : bytes.subarray(0, MAX_CONTENT_BYTES).toString();
};

/** The ad or post that the customer came from; omitted when it is larger or deeper than any real one. */
export const storedReferral = (referral: unknown): string | undefined => {
  const text = referral === undefined ? undefined : toJson(referral);
  return text !== undefined && Buffer.byteLength(text) <= MAX_REFERRAL_BYTES ? text : undefined;
};

/** A text beside the content, cut to the longest real one. */
export const storedText = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : beginningOf(text, MAX_TEXT);
