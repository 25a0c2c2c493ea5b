import type * as z from 'zod';
import { type ConsentKeywords, eachSharedKeyword } from './keywords.ts';
import { type NumberOfChannel, withFormerNumbers } from './number.ts';

/** The fields of a configuration by which its parts refer to each other. */
interface References {
  readonly accounts: readonly {
    readonly id: string;
    readonly provider: string;
    readonly wabaId?: string | undefined;
    readonly metaWabaId?: string | undefined;
    readonly appId?: string | undefined;
  }[];
  readonly channels: readonly (ConsentKeywords &
    NumberOfChannel & {
      readonly id: string;
      readonly deliveries: readonly { readonly url: string }[];
    })[];
}

type AddIssue = (path: (string | number)[], message: string) => void;

/** Calls back with the index of each value that an earlier one equals, and with the earlier index. */
const eachRepeat = (values: readonly (string | undefined)[], found: (index: number, first: number) => void) => {
  for (const [index, value] of values.entries()) {
    const first = values.indexOf(value);
    if (value !== undefined && first !== index) found(index, first);
  }
};

const idOf = ({ id }: { readonly id: string }) => id;

const checkIds = ({ accounts, channels }: References, add: AddIssue) => {
  const unique = (list: keyof References, field: string, ids: readonly (string | undefined)[]) =>
    eachRepeat(ids, (index) => add([list, index, field], `repeats "${ids[index]}"`));

  unique('accounts', 'id', accounts.map(idOf));
  unique('channels', 'id', channels.map(idOf));
  unique(
    'channels',
    'phoneNumberId',
    channels.map(({ phoneNumberId }) => phoneNumberId),
  );
  unique(
    'channels',
    'metaPhoneNumberId',
    channels.map(({ metaPhoneNumberId }) => metaPhoneNumberId),
  );
  // Each of two apps would receive every webhook of the WhatsApp business account.
  unique(
    'accounts',
    'wabaId',
    accounts.map(({ wabaId }) => wabaId),
  );
  unique(
    'accounts',
    'metaWabaId',
    accounts.map(({ metaWabaId }) => metaWabaId),
  );
  unique(
    'accounts',
    'appId',
    accounts.map(({ appId }) => appId),
  );
};

const DIGITS = /^\d+$/;

type NumberField = 'phoneNumberId' | 'metaPhoneNumberId';

/** Providers whose channels name their number by an id. */
const WITH_NUMBER: Readonly<Record<string, string>> = { meta: 'a Meta account', 'aws-social': 'an AWS account' };

/** What is wrong with the id of a number: those of Meta and of AWS name the same number, and neither works at the other. */
const phoneNumberIdFault = (id: string | undefined, provider: string): string | undefined => {
  const owner = WITH_NUMBER[provider];
  if (id === undefined) return owner === undefined ? undefined : `is required for a channel of ${owner}`;
  const isMeta = DIGITS.test(id);
  if (provider === 'aws-social')
    return isMeta
      ? 'is the id of Meta, the metaPhoneNumberId of a channel: enter the id of AWS, phone-number-id-…'
      : undefined;
  return isMeta ? undefined : 'is the id of AWS: only a channel of an AWS account has one';
};

const checkNumber = (
  { phoneNumberId, metaPhoneNumberId }: References['channels'][number],
  provider: string,
  add: (field: NumberField, message: string) => void,
) => {
  const fault = phoneNumberIdFault(phoneNumberId, provider);
  if (fault !== undefined) add('phoneNumberId', fault);
  if (metaPhoneNumberId !== undefined && provider !== 'aws-social')
    add('metaPhoneNumberId', 'is only for a channel of an AWS account: Meta’s id is the phoneNumberId here');
};

/** The number of a channel before it moved is that of no other channel. */
const checkFormer = (
  { movedFrom }: References['channels'][number],
  { accounts, channels }: References,
  add: (field: 'account' | 'phoneNumberId', message: string) => void,
) => {
  const { account: owner, phoneNumberId } = movedFrom ?? {};
  if (owner === undefined) {
    if (phoneNumberId !== undefined) add('account', 'is required beside phoneNumberId');
    return;
  }
  const account = accounts.find((one) => one.id === owner);
  if (account === undefined)
    return add('account', `names no account: "${owner}"; leave it out once nothing comes there`);
  const fault = phoneNumberIdFault(phoneNumberId, account.provider);
  if (fault !== undefined) add('phoneNumberId', fault);
  const same = withFormerNumbers(channels).filter(
    (one) => one.account === owner && one.phoneNumberId === phoneNumberId,
  );
  if (phoneNumberId !== undefined && same.length > 1) add('phoneNumberId', `repeats "${phoneNumberId}"`);
};

const checkChannels = (config: References, add: AddIssue) => {
  const { accounts, channels } = config;
  for (const [index, channel] of channels.entries()) {
    const { account: owner, deliveries } = channel;
    const account = accounts.find(({ id }) => id === owner);
    if (account === undefined) add(['channels', index, 'account'], `names no account: "${owner}"`);
    else checkNumber(channel, account.provider, (field, message) => add(['channels', index, field], message));
    checkFormer(channel, config, (field, message) => add(['channels', index, 'movedFrom', field], message));
    const urls = deliveries.map(({ url }) => new URL(url).href);
    // A URL identifies an endpoint of its channel; it may be confidential, so the message does not quote it.
    eachRepeat(urls, (place, first) =>
      add(['channels', index, 'deliveries', place, 'url'], `repeats the url of deliveries.${first}`),
    );
  }
};

const checkAccounts = ({ accounts, channels }: References, add: AddIssue) => {
  for (const [index, { id, provider }] of accounts.entries()) {
    const { length } = withFormerNumbers(channels).filter(({ account }) => account === id);
    if (provider === 'sinch' && length !== 1)
      add(['accounts', index], `a Sinch app has exactly one WhatsApp number: one channel, not ${length}`);
  }
};

const checkKeywords = ({ channels }: References, add: AddIssue) => {
  for (const [index, channel] of channels.entries())
    eachSharedKeyword(channel, (path, message) => add(['channels', index, ...path], message));
};

/** Checks that ids, URLs and keywords are unique, and that accounts and channels belong together. */
export const checkReferences = (config: References, context: z.RefinementCtx): void => {
  const add: AddIssue = (path, message) => context.addIssue({ code: 'custom', path, message });
  checkIds(config, add);
  checkChannels(config, add);
  checkAccounts(config, add);
  checkKeywords(config, add);
};
