import type { ProblemDetails } from '../shared/http/problem.ts';
import type { Attempt } from './attempt.ts';
import { type AllowedSend, decide } from './decide.ts';
import { type DecisionInput, loadState } from './load-state.ts';
import type { SendRuntime } from './runtime.ts';

/** The slot that this send itself holds does not count as used. */
const withoutOwnSlot = (input: DecisionInput, id: string): DecisionInput => {
  const { record } = input.state;
  if (record.slot === undefined) return input;
  const slot = { ...record.slot, holders: record.slot.holders.filter((holder) => holder !== id) };
  return { ...input, state: { ...input.state, record: { ...record, slot } } };
};

/** Another content, template or use of the slot than the recorded one needs a send of its own. */
const isAsRecorded = (recorded: AllowedSend, now: AllowedSend): boolean =>
  now.usesFallback === recorded.usesFallback &&
  now.usesReengagement === recorded.usesReengagement &&
  now.template?.language === recorded.template?.language &&
  now.template?.version === recorded.template?.version;

const CHANGED: ProblemDetails = {
  code: 'provider_unavailable',
  detail:
    'The provider did not accept the message, and its decision changed before the next attempt. Nothing was sent: send it again.',
  retryAfterSeconds: 1,
};

/** The refusal of a session message whose window ended after the decision: nothing was sent (R7). */
export const refuseTooLate = ({ now }: SendRuntime, { input }: Attempt): ProblemDetails => {
  const decision = decide({ ...input, now: now(), request: { ...input.request, fallbackTemplate: undefined } });
  return decision.allowed ? CHANGED : decision.problem;
};

/** Reloads the state and decides again before another attempt, so that an opt-out wins over it (R9). */
export const recheck = async (runtime: SendRuntime, attempt: Attempt): Promise<Attempt | ProblemDetails> => {
  const { requested, allowed: recorded, claimed } = attempt;
  const input = withoutOwnSlot(await loadState(runtime, requested), claimed.id);
  const decision = decide(input);
  if (!decision.allowed) return decision.problem;
  return isAsRecorded(recorded, decision) ? { ...attempt, input, allowed: decision } : CHANGED;
};
