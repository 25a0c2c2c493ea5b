import type { ConsentChange } from '../../functions/shared/domain/consent.ts';
import { NOON_SECONDS } from './arrivals.ts';

/** A statement about everything, made that many seconds after noon. */
export const aChangeOfConsent = (
  state: ConsentChange['state'],
  second = 0,
  overrides: Partial<ConsentChange> = {},
): ConsentChange => ({
  id: `${state}:${second}`,
  scope: 'all',
  state,
  effectiveAt: NOON_SECONDS + second,
  source: 'website',
  actor: 'customer',
  ...overrides,
});
