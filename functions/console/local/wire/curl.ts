import type { WireEntry } from '../local-api.ts';

/** In single quotes of a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** What curl sets by itself, and what was masked. */
const isOwn = (name: string, value: string): boolean =>
  !['host', 'connection', 'content-length', 'accept-encoding', 'user-agent', 'accept'].includes(name) &&
  !value.includes('•••');

/** The request as a curl command; a body that is no text is decoded on the way. */
export const toCurl = ({ method, path, query, headers, body, encoding }: WireEntry, origin: string): string => {
  const fields = Object.entries(headers)
    .filter(([name, value]) => isOwn(name, value))
    .map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  const data = body === '' ? [] : [encoding === 'utf8' ? `--data-binary ${quoted(body)}` : '--data-binary @-'];
  const command = ['curl', '-s', `-X ${method}`, quoted(`${origin}${path}${query}`), ...fields, ...data].join(' ');
  return encoding === 'base64' && body !== '' ? `echo ${body} | base64 -d | ${command}` : command;
};
