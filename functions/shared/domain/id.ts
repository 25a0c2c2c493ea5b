/** Crockford's base 32, the alphabet of a ULID. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 26;

/** Matches the part of an id after its prefix: a ULID, or as many characters of the same alphabet. */
export const ID_PATTERN = '[0-9A-HJKMNP-TV-Z]{26}';

/** Writes the first bytes of a hash as the part of an id after its prefix. */
export const encodeId = (hash: Uint8Array): string =>
  Array.from(hash.subarray(0, LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
