/** An item of DynamoDB holds 400 KB; content and referral together stay well below it. */
const MAX_CONTENT_BYTES = 300_000;
const MAX_REFERRAL_BYTES = 50_000;
/** Longer than any name, id or caption of WhatsApp. */
const MAX_TEXT = 1_024;

const toJson = (value: unknown): string | undefined => {
  try {
    return JSON.stringify(value);
  } catch {
    // Nested more deeply than a stack can follow: such a body is signed, but no message of a person.
    return undefined;
  }
};

/** Content as JSON text; of what is too large or too deep for the table, its type and a note of that. */
export const storedContent = (content: { readonly type: string }): string => {
  const text = toJson(content);
  if (text === undefined) return JSON.stringify({ type: content.type, tooDeep: true });
  const bytes = Buffer.byteLength(text);
  return bytes <= MAX_CONTENT_BYTES ? text : JSON.stringify({ type: content.type, tooLargeBytes: bytes });
};

/** The ad or post the customer came from; left out when it is larger or deeper than any of them is. */
export const storedReferral = (referral: unknown): string | undefined => {
  const text = referral === undefined ? undefined : toJson(referral);
  return text !== undefined && Buffer.byteLength(text) <= MAX_REFERRAL_BYTES ? text : undefined;
};

/** A text that a provider sends beside the content, cut to what can be one. */
export const storedText = (text: string | undefined): string | undefined => text?.slice(0, MAX_TEXT);
