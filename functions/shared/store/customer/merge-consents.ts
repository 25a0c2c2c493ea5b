import { supersedes, UNKNOWN_CONSENT } from '../../domain/consent.ts';
import type { CustomerItem, StoredConsent } from '../items.ts';

/** Of several consents the newest, of the same second the stricter (R9). */
const newest = (consents: readonly (StoredConsent | undefined)[]): StoredConsent | undefined =>
  consents.reduce<StoredConsent | undefined>(
    (kept, consent) => (consent !== undefined && supersedes(consent, kept ?? UNKNOWN_CONSENT) ? consent : kept),
    undefined,
  );

/** An opt-out that was given under a number alone stays with the number when it gets another owner. */
const ofNumber = (consent: StoredConsent | undefined): StoredConsent | undefined =>
  consent?.state === 'opted_out' && consent.userId === undefined ? consent : undefined;

/** The consents of a person: those of every name, and the opt-outs that come with a number. */
export const mergeConsents = (
  records: readonly CustomerItem[],
  previousOwners: readonly CustomerItem[],
): Pick<CustomerItem, 'consent' | 'marketing' | 'consentVersion'> => ({
  consent: newest([
    ...records.map(({ consent }) => consent),
    ...previousOwners.map(({ consent }) => ofNumber(consent)),
  ]),
  marketing: newest([
    ...records.map(({ marketing }) => marketing),
    ...previousOwners.map(({ marketing }) => ofNumber(marketing)),
  ]),
  // A send that was decided on before the merge must be decided again (R9).
  consentVersion: Math.max(0, ...[...records, ...previousOwners].map((record) => record.consentVersion)) + 1,
});
