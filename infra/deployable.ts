import { BlockList, isIP } from 'node:net';
import type * as z from 'zod';
import type { Config } from '../functions/shared/domain/config.ts';

/*
 * The only difference between a deployed and a local configuration: AWS must reach every URL over the public internet
 * and TLS, and the ids of the shipped example are refused as placeholders.
 */

const PRIVATE_NETWORKS = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  PRIVATE_NETWORKS.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  PRIVATE_NETWORKS.addSubnet(network, prefix, 'ipv6');

/** Names that no public DNS server resolves: without a dot, and the reserved top-level domains of RFC 2606, 6762 and 8375. */
const PRIVATE_NAME = /^[^.]+$|(?:^|\.)(?:localhost|local|internal|intranet|lan|home\.arpa|test|invalid|example)$/;

const isPrivate = (hostname: string): boolean => {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const version = isIP(host);
  return version === 0 ? PRIVATE_NAME.test(host) : PRIVATE_NETWORKS.check(host, version === 4 ? 'ipv4' : 'ipv6');
};

/** What prevents AWS from calling a URL. It may be confidential, so the sentence does not quote it. */
export const mistakeIn = (text: string): string | undefined => {
  const { protocol, hostname } = new URL(text);
  if (protocol !== 'https:') return 'is not https: a deployed stage sends credentials and personal data to it';
  if (isPrivate(hostname))
    return 'is a host of this machine or of a private network, which a deployed stage cannot reach';
  return undefined;
};

/** The ids of the example in infra/config.ts. */
const PLACEHOLDERS: readonly unknown[] = [
  '100000000000000',
  '200000000000000',
  '00000000-0000-0000-0000-000000000000',
  '00000000000000000000000000',
  '+15550000000',
];

const URL_FIELDS: readonly string[] = ['baseUrl', 'threadControlUrl', 'authUrl', 'provisioningUrl'];

const mistakeOf = (field: string, value: unknown): string | undefined => {
  if (PLACEHOLDERS.includes(value)) return 'is the placeholder of the example: enter your own';
  return URL_FIELDS.includes(field) && typeof value === 'string' ? mistakeIn(value) : undefined;
};

/** Refuses what is valid on a laptop and cannot work in AWS, with the path of each mistake. */
export const checkDeployable = ({ accounts, channels }: Config, context: z.RefinementCtx): void => {
  const check = (path: readonly (string | number)[], message: string | undefined): void => {
    if (message !== undefined) context.addIssue({ code: 'custom', path: [...path], message });
  };
  for (const [list, owners] of Object.entries({ accounts, channels }))
    for (const [index, owner] of owners.entries())
      for (const [field, value] of Object.entries(owner)) check([list, index, field], mistakeOf(field, value));
  for (const [index, { deliveries }] of channels.entries())
    for (const [place, { url }] of deliveries.entries())
      check(['channels', index, 'deliveries', place, 'url'], mistakeIn(url));
};
