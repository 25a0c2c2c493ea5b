import { readJson } from '../../domain/read-json.ts';
import { type CallOutcome, retryAfterSeconds } from '../../network/http-call.ts';
import { isRetryable, type ProviderError, type SendOutcome } from '../provider.ts';
import { toProviderError } from './errors.ts';
import { ErrorAnswer, SendAnswer } from './schema.ts';

type Answer = Extract<CallOutcome, { kind: 'answered' }>;

const sent = ({ status, text }: Answer): SendOutcome => {
  const answer = readJson(text, SendAnswer);
  if (answer !== undefined) return { kind: 'sent', providerMessageId: answer.messages[0].id };
  return {
    kind: 'in_doubt',
    error: { code: `http_${status}`, title: 'Meta took the message but gave no id', class: 'never' },
  };
};

const refused = (answer: Answer, error: ProviderError): SendOutcome =>
  isRetryable(error)
    ? { kind: 'unavailable', error, retryAfterSeconds: retryAfterSeconds(answer.headers) }
    : { kind: 'rejected', error };

/** An answer without Meta's error object came from something in between, or from Meta in trouble (R12). */
const unexplained = (answer: Answer): SendOutcome => {
  const code = `http_${answer.status}`;
  if (answer.status >= 500)
    return { kind: 'in_doubt', error: { code, title: 'Meta failed without saying how', class: 'never' } };
  const class_ = answer.status === 429 ? 'retry_later' : 'alert';
  return refused(answer, { code, title: 'Meta refused without saying why', class: class_ });
};

const answered = (answer: Answer): SendOutcome => {
  if (answer.status >= 200 && answer.status < 300) return sent(answer);
  const explained = readJson(answer.text, ErrorAnswer);
  if (explained === undefined) return unexplained(answer);
  const error = toProviderError(explained.error);
  return refused(answer, answer.status === 429 ? { ...error, class: 'retry_later' } : error);
};

/** Says what is known of a send after its one call (R12). */
export const toOutcome = (call: CallOutcome): SendOutcome => {
  switch (call.kind) {
    case 'answered':
      return answered(call);
    case 'not_sent':
      return {
        kind: 'unavailable',
        error: { code: call.code, title: 'Meta could not be reached', class: 'retry_now' },
      };
    case 'unknown':
      return { kind: 'in_doubt', error: { code: call.code, title: 'Meta did not answer', class: 'never' } };
  }
};
