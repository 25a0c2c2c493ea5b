import * as z from 'zod';
import { CONSENT_STATES, RECORDED_CONSENT_STATES } from '../shared/domain/consent.ts';
import { Instant } from '../shared/domain/instant.ts';
import { NamedView, toNamesView } from '../shared/domain/name-view.ts';
import { toInstant } from '../shared/domain/time.ts';
import type { CustomerConsent } from '../shared/store/customer/read-consent.ts';
import type { ConsentItem } from '../shared/store/items.ts';

const provenance = {
  source: z.string().nullable(),
  actor: z.string().nullable(),
  text: z.string().nullable(),
  categories: z.array(z.string()).nullable(),
};

/** A customer's consent with its history. */
export const ConsentView = z
  .object({
    ...NamedView,
    state: z.enum(CONSENT_STATES),
    ...provenance,
    updatedAt: Instant.nullable(),
    version: z.int().nonnegative().meta({ description: 'Increases by one with each change that took effect' }),
    outcome: z
      .literal('older')
      .optional()
      .meta({ description: 'In the answer of a change that entered the history alone: a newer one is in force' }),
    marketing: z
      .object({ state: z.enum(RECORDED_CONSENT_STATES), updatedAt: Instant })
      .optional()
      .meta({ description: 'What the customer stated about marketing alone' }),
    history: z
      .array(
        z.object({
          state: z.enum(RECORDED_CONSENT_STATES),
          scope: z.enum(['all', 'marketing']),
          ...provenance,
          effectiveAt: Instant,
        }),
      )
      .meta({ description: 'Newest first, the last 100' }),
  })
  .meta({ id: 'Consent' });
export type ConsentView = z.infer<typeof ConsentView>;

const provenanceOf = (change: Partial<ConsentItem>) => ({
  source: change.source ?? null,
  actor: change.actor ?? null,
  text: change.text ?? null,
  categories: change.categories ?? null,
});

const toConsentFields = ({
  consent,
  marketing,
  consentVersion,
  history,
}: CustomerConsent): Omit<ConsentView, 'customer' | 'names'> => ({
  state: consent?.state ?? 'unknown',
  ...provenanceOf(consent ?? {}),
  updatedAt: consent === undefined ? null : toInstant(consent.effectiveAt),
  version: consentVersion,
  ...(marketing === undefined
    ? {}
    : { marketing: { state: marketing.state, updatedAt: toInstant(marketing.effectiveAt) } }),
  history: history.map(({ state, scope, effectiveAt, ...change }) => ({
    state,
    scope,
    ...provenanceOf(change),
    effectiveAt: toInstant(effectiveAt),
  })),
});

export const toConsentView = (customer: CustomerConsent): ConsentView => ({
  ...toConsentFields(customer),
  customer: customer.customer,
  names: toNamesView(customer),
});
