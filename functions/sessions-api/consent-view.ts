import * as z from 'zod';
import type { CustomerConsent } from '../shared/store/customer/read-consent.ts';
import type { ConsentItem } from '../shared/store/items.ts';

const instant = z.string().meta({ format: 'date-time', description: 'ISO 8601, UTC' });

const provenance = {
  source: z.string().nullable(),
  actor: z.string().nullable(),
  text: z.string().nullable(),
  categories: z.array(z.string()).nullable(),
};

/** A customer's consent with its history. */
export const ConsentView = z
  .object({
    state: z.enum(['unknown', 'opted_in', 'opted_out']),
    ...provenance,
    updatedAt: instant.nullable(),
    version: z.int().nonnegative().meta({ description: 'Increases by one with each change that took effect' }),
    marketing: z
      .object({ state: z.enum(['opted_in', 'opted_out']), updatedAt: instant })
      .optional()
      .meta({ description: 'What the customer stated about marketing alone' }),
    history: z
      .array(
        z.object({
          state: z.enum(['opted_in', 'opted_out']),
          scope: z.enum(['all', 'marketing']),
          ...provenance,
          effectiveAt: instant,
        }),
      )
      .meta({ description: 'Newest first, the last 100' }),
  })
  .meta({ id: 'Consent' });
type ConsentView = z.infer<typeof ConsentView>;

const fromSeconds = (at: number): string => new Date(at * 1000).toISOString();

const provenanceOf = (change: Partial<ConsentItem>) => ({
  source: change.source ?? null,
  actor: change.actor ?? null,
  text: change.text ?? null,
  categories: change.categories ?? null,
});

export const toConsentView = ({ consent, marketing, consentVersion, history }: CustomerConsent): ConsentView => ({
  state: consent?.state ?? 'unknown',
  ...provenanceOf(consent ?? {}),
  updatedAt: consent === undefined ? null : fromSeconds(consent.effectiveAt),
  version: consentVersion,
  ...(marketing === undefined
    ? {}
    : { marketing: { state: marketing.state, updatedAt: fromSeconds(marketing.effectiveAt) } }),
  history: history.map(({ state, scope, effectiveAt, ...change }) => ({
    state,
    scope,
    ...provenanceOf(change),
    effectiveAt: fromSeconds(effectiveAt),
  })),
});
