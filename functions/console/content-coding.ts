import { gunzipSync } from 'node:zlib';
import type { PageFile } from './page-file.ts';

const REFUSED = /^q=0(?:\.0{0,3})?$/;

/** Whether a client takes a coding, by its Accept-Encoding (RFC 9110, section 12.5.3). */
const accepts = (header: string, coding: string): boolean => {
  const offers = header.split(',').map((offer) => offer.split(';').map((part) => part.trim().toLowerCase()));
  const offer = offers.find(([name]) => name === coding) ?? offers.find(([name]) => name === '*');
  return offer !== undefined && !REFUSED.test(offer[1] ?? '');
};

/** A body in base64, and the coding that it is in. */
interface Encoded {
  readonly coding: 'br' | 'gzip' | undefined;
  readonly body: string;
}

/** The smallest body that the client can read. */
export const chooseBody = ({ bodies: { br, gzip } }: PageFile, acceptEncoding = ''): Encoded => {
  if (br !== undefined && accepts(acceptEncoding, 'br')) return { coding: 'br', body: br };
  if (accepts(acceptEncoding, 'gzip')) return { coding: 'gzip', body: gzip };
  return { coding: undefined, body: gunzipSync(Buffer.from(gzip, 'base64')).toString('base64') };
};
