import { readJson } from '../../domain/read-json.ts';
import type { CallOutcome } from '../../network/http-call.ts';
import type { SendOutcome } from '../provider.ts';
import { type Answer, toRefused, toSendOutcome } from '../send-outcome.ts';
import { toError, toRefusal } from './errors.ts';
import { Sent } from './schema.ts';

const fromAnswer = (answer: Answer): SendOutcome => {
  const { status, text } = answer;
  if (status < 200 || status > 299) {
    const error = toRefusal(status, text);
    return error === undefined
      ? { kind: 'in_doubt', error: toError(`http_${status}`, 'never') }
      : toRefused(answer, error);
  }
  const providerMessageId = readJson(text, Sent)?.message_id;
  return providerMessageId === undefined
    ? { kind: 'in_doubt', error: toError('no_message_id', 'never') }
    : { kind: 'sent', providerMessageId };
};

/** Maps the call of a send to its outcome (R12). */
export const toOutcome = (call: CallOutcome): SendOutcome => toSendOutcome(call, 'Sinch', fromAnswer);
