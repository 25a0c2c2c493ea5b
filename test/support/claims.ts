import { ulid } from 'ulid';
import type { ClaimSend } from '../../functions/shared/store/message/claim-operations.ts';
import { CHANNEL, NOON } from './arrivals.ts';

type Claiming = Pick<ClaimSend, 'state'> &
  Partial<Omit<ClaimSend, 'state' | 'decision'>> & { readonly decision?: Partial<ClaimSend['decision']> };

/** The claim of a text that was decided on that state at `now`. */
export const aClaim = ({ now = NOON, decision, ...claim }: Claiming): ClaimSend => ({
  id: `msg_${ulid()}`,
  claimedBy: 'test',
  requestHash: 'hash',
  channel: CHANNEL,
  now,
  leaseSeconds: 60,
  retentionDays: 30,
  sentAs: 'session',
  content: { type: 'text', text: 'On its way.' },
  decision: { at: now.getTime(), consent: 'unknown', consentVersion: 0, usesReengagement: false, ...decision },
  ...claim,
});

/** The claim of a template that takes the slot of a customer who has opted in. */
export const aClaimOfSlot = ({ decision, ...claim }: Claiming): ClaimSend =>
  aClaim({
    sentAs: 'template',
    content: { type: 'template' },
    ...claim,
    decision: { consent: 'opted_in', consentVersion: 1, usesReengagement: true, ...decision },
  });
