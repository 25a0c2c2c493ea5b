import type { Account } from '../domain/config.ts';

const isBelow = (hostname: string, hosts: readonly string[]): boolean =>
  hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`));

/** Whether a URL is that of a file at one of these hosts, over TLS. */
export const isAt = ({ protocol, port, hostname, username, password }: URL, hosts: readonly string[]): boolean =>
  protocol === 'https:' && port === '' && username === '' && password === '' && isBelow(hostname, hosts);

/** Whether a URL is on the account's own API, which gets its credentials anyway: locally the simulator. */
export const isAtApi = ({ origin }: URL, { baseUrl }: Pick<Account, 'baseUrl'>): boolean => origin === baseUrl;
