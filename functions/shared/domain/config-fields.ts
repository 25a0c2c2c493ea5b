import * as z from 'zod';

export const Id = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, 'must be a name of letters, digits, hyphens and underscores, 63 at most');

export const HttpUrl = z.url({ protocol: /^https?$/, error: 'is not an http(s) URL', abort: true });

const isOrigin = (url: string): boolean => {
  const { origin, href } = new URL(url);
  return href === `${origin}/` && !url.endsWith('/');
};

export const HttpOrigin = HttpUrl.refine(isOrigin, 'must be an origin: scheme, host and port, without a path');

export const GraphVersion = z.string().regex(/^v\d+\.\d+$/, 'must be a Graph API version such as v26.0');

/** Meta's id of a WhatsApp business account. */
export const MetaWabaId = z.string().regex(/^\d+$/, 'must be the digits of the WhatsApp business account id');
