import type * as z from 'zod';

/** The fields of a configuration by which its parts refer to each other. */
interface References {
  readonly accounts: readonly { readonly id: string; readonly provider: string }[];
  readonly channels: readonly {
    readonly id: string;
    readonly account: string;
    readonly phoneNumberId?: string | undefined;
    readonly deliveries: readonly { readonly url: string }[];
  }[];
}

type Issue = readonly [path: readonly (string | number)[], message: string];

const repeatedIds = (list: keyof References, field: string, ids: readonly (string | undefined)[]): readonly Issue[] =>
  ids.flatMap((id, index): Issue[] =>
    id === undefined || ids.indexOf(id) === index ? [] : [[[list, index, field], `repeats "${id}"`]],
  );

/** A URL identifies an endpoint of its channel; the message does not quote it, since it may be confidential. */
const repeatedUrls = ({ channels }: References): readonly Issue[] =>
  channels.flatMap(({ deliveries }, channel) => {
    const urls = deliveries.map(({ url }) => new URL(url).href);
    return urls.flatMap((url, index): Issue[] => {
      const first = urls.indexOf(url);
      const path = ['channels', channel, 'deliveries', index, 'url'];
      return first === index ? [] : [[path, `repeats the url of deliveries.${first}`]];
    });
  });

const channelIssues = ({ accounts, channels }: References): readonly Issue[] =>
  channels.flatMap((channel, index): Issue[] => {
    const account = accounts.find(({ id }) => id === channel.account);
    if (account === undefined) return [[['channels', index, 'account'], `names no account: "${channel.account}"`]];
    return account.provider === 'meta' && channel.phoneNumberId === undefined
      ? [[['channels', index, 'phoneNumberId'], 'is required for a channel of a Meta account']]
      : [];
  });

const accountIssues = ({ accounts, channels }: References): readonly Issue[] =>
  accounts.flatMap(({ id, provider }, index): Issue[] => {
    const { length } = channels.filter((channel) => channel.account === id);
    return provider === 'sinch' && length !== 1
      ? [[['accounts', index], `a Sinch app has exactly one WhatsApp number: one channel, not ${length}`]]
      : [];
  });

/** Checks that ids and URLs are unique, and that accounts and channels belong together. */
export const checkReferences = (config: References, context: z.RefinementCtx): void => {
  const { accounts, channels } = config;
  const issues = [
    ...repeatedIds(
      'accounts',
      'id',
      accounts.map(({ id }) => id),
    ),
    ...repeatedIds(
      'channels',
      'id',
      channels.map(({ id }) => id),
    ),
    ...repeatedIds(
      'channels',
      'phoneNumberId',
      channels.map(({ phoneNumberId }) => phoneNumberId),
    ),
    ...channelIssues(config),
    ...repeatedUrls(config),
    ...accountIssues(config),
  ];
  for (const [path, message] of issues) context.addIssue({ code: 'custom', path: [...path], message });
};
