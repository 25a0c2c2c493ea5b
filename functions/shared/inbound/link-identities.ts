import type { Identities } from '../domain/customer.ts';
import { type LearnedFrom, ownName } from '../domain/names.ts';
import { type LinkOrigin, reportLink } from './report-link.ts';
import type { InboundRuntime } from './store.ts';

interface ReportedIdentities {
  readonly identities: Identities;
  /** Epoch seconds. */
  readonly at: number;
  readonly learnedFrom: LearnedFrom;
}

/** Links number and user id where a webhook has both; without a request where it has one. */
export const linkIdentities = async (
  runtime: InboundRuntime,
  origin: LinkOrigin,
  { identities: { phone, userId }, at, learnedFrom }: ReportedIdentities,
): Promise<void> => {
  if (phone === undefined || userId === undefined) return;
  const { store, now } = runtime;
  const link = { channel: origin.channel, names: [ownName(phone), ownName(userId)], at, learnedFrom };
  reportLink(runtime, origin)(await store.linkNames({ link, now: now() }));
};
