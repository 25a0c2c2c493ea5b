import type { PageConfig } from './page-config.ts';

const originOf = (url: string): string => new URL(url).origin;

/** What the page may load and call: its own files, the API, the token endpoint and the bucket of the files. */
const contentSecurityPolicy = ({ signIn, fileOrigin }: PageConfig): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data: blob: ${fileOrigin}`,
    `media-src 'self' blob: ${fileOrigin}`,
    `connect-src 'self' ${originOf(signIn.tokenUrl)} ${fileOrigin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');

/** The headers of every answer of the console. */
export const securityHeaders = (config: PageConfig): Readonly<Record<string, string>> => ({
  'content-security-policy': contentSecurityPolicy(config),
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(self), microphone=()',
});
