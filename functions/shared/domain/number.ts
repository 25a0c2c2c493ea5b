import * as z from 'zod';
import { AWS_PHONE_NUMBER_ID } from './aws-social-account.ts';
import { Id } from './config-fields.ts';
import { epochSeconds } from './window.ts';

/** Meta's digits, or the id of AWS for a number at AWS. */
export const PhoneNumberId = z.union(
  [z.string().regex(/^\d+$/), z.string().regex(AWS_PHONE_NUMBER_ID)],
  'must be the digits of the phone number id, or at AWS phone-number-id-…',
);

/** Where a number was before. */
export const MovedFrom = z.strictObject({
  at: z.iso.datetime({
    offset: true,
    error: 'must be the time of the move in ISO 8601 with Z or an offset, e.g. 2026-11-20T09:00:00Z',
  }),
  /** Whether it left Meta's business portfolio, to which the user ids of customers belong. */
  portfolio: z.enum(['same', 'other'], 'is same or other: whether the number left its business portfolio of Meta'),
  /** @default - nothing comes there any more */
  account: Id.optional(),
  phoneNumberId: PhoneNumberId.optional(),
});

/** The fields of a channel by which its number is known to the provider. */
export interface NumberOfChannel {
  readonly account: string;
  readonly phoneNumberId?: string | undefined;
  readonly metaPhoneNumberId?: string | undefined;
  readonly movedFrom?:
    | { readonly account?: string | undefined; readonly phoneNumberId?: string | undefined }
    | undefined;
}

/** The channels, and each that has moved a second time, with its number before: what still comes there is the channel's. */
export const withFormerNumbers = <Channel extends NumberOfChannel>(channels: readonly Channel[]): readonly Channel[] =>
  channels.flatMap((channel) => {
    const { account, phoneNumberId } = channel.movedFrom ?? {};
    return account === undefined
      ? [channel]
      : [channel, { ...channel, account, phoneNumberId, metaPhoneNumberId: undefined }];
  });

/** The epoch second from which a number is in its business portfolio; `undefined`: it was never known in another one. */
export const portfolioSince = (movedFrom: z.infer<typeof MovedFrom> | undefined): number | undefined =>
  movedFrom?.portfolio === 'other' ? epochSeconds(new Date(movedFrom.at)) : undefined;
