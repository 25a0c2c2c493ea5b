import { invalidRequest, type Parsed } from '../../../functions/shared/http/request.ts';
import type { AcceptedMessages } from './accepted-messages.ts';
import { type Choice, choicesOf } from './shown-message.ts';
import type { CustomerAction } from './write-request.ts';

type Wanted = readonly [field: string, wanted: string, kinds: readonly Choice['kind'][]];
const TAP: Wanted = ['tap', 'button', ['button', 'row', 'quick_reply']];
const FLOW: Wanted = ['flow', 'flow', ['flow']];

const refuse = (path: string, message: string) => invalidRequest([{ path, message }]);

const choose = (choices: readonly Choice[], id: string): Parsed<Choice> => {
  const chosen = choices.find((choice) => choice.id === id);
  return chosen === undefined
    ? refuse('tap.id', `is not one of: ${choices.map((choice) => choice.id).join(', ')}`)
    : { ok: true, value: chosen };
};

/** What of a shown message the customer taps or fills in; `undefined` when the customer does something else. */
export const resolveTap = (accepted: AcceptedMessages, { tap, flow }: CustomerAction): Parsed<Choice | undefined> => {
  const messageId = tap?.messageId ?? flow?.messageId;
  if (messageId === undefined) return { ok: true, value: undefined };
  const [field, wanted, kinds] = tap === undefined ? FLOW : TAP;
  const message = accepted.find(messageId);
  if (message === undefined) return refuse(`${field}.messageId`, 'is no message that the simulated providers accepted');
  const choices = choicesOf(message.shown).filter(({ kind }) => kinds.includes(kind));
  const [first] = choices;
  if (first === undefined) return refuse(`${field}.messageId`, `is a message without a ${wanted}`);
  return tap === undefined ? { ok: true, value: first } : choose(choices, tap.id);
};
