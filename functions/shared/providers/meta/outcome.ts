import type * as z from 'zod';
import { type Identities, parsePhone, parseUserId, toIdentities } from '../../domain/customer.ts';
import { readJson } from '../../domain/read-json.ts';
import type { CallOutcome } from '../../network/http-call.ts';
import type { SendOutcome } from '../provider.ts';
import { type Answer, toRefused, toSendOutcome } from '../send-outcome.ts';
import { toProviderError } from './errors.ts';
import { ErrorAnswer, SendAnswer } from './schema.ts';

/** Pacing holds a template, and sends or drops it later (developers.facebook.com, "Portfolio pacing"). */
const HELD: readonly (string | undefined)[] = ['held_for_quality_assessment', 'paused'];

/** Whom the message went to, as WhatsApp writes their number: the answer to one message names one recipient. */
const recipientIn = ({ contacts = [] }: z.infer<typeof SendAnswer>): Identities | undefined => {
  const [contact, another] = contacts;
  if (contact === undefined || another !== undefined) return undefined;
  const { wa_id, user_id } = contact;
  return toIdentities(
    wa_id === undefined ? undefined : parsePhone(wa_id),
    user_id === undefined ? undefined : parseUserId(user_id),
  );
};

const toSent = ({ status, text }: Answer): SendOutcome => {
  const answer = readJson(text, SendAnswer);
  if (answer !== undefined) {
    const [{ id: providerMessageId, message_status }] = answer.messages;
    const recipient = recipientIn(answer);
    return { kind: HELD.includes(message_status) ? 'held' : 'sent', providerMessageId, recipient };
  }
  return {
    kind: 'in_doubt',
    error: { code: `http_${status}`, title: 'Meta accepted the message but gave no id', class: 'never' },
  };
};

/** An answer without Meta's error object came from a proxy, or from a failing Meta server (R12). */
const toUnexplained = (answer: Answer): SendOutcome => {
  const code = `http_${answer.status}`;
  if (answer.status >= 500)
    return { kind: 'in_doubt', error: { code, title: 'Meta failed without an error code', class: 'never' } };
  const class_ = answer.status === 429 ? 'retry_later' : 'alert';
  return toRefused(answer, { code, title: 'Meta refused without an error code', class: class_ });
};

const fromAnswer = (answer: Answer): SendOutcome => {
  if (answer.status >= 200 && answer.status < 300) return toSent(answer);
  const body = readJson(answer.text, ErrorAnswer);
  if (body === undefined) return toUnexplained(answer);
  const error = toProviderError(body.error);
  return toRefused(answer, answer.status === 429 ? { ...error, class: 'retry_later' } : error);
};

/** Maps the call of a send to its outcome (R12). */
export const toOutcome = (call: CallOutcome): SendOutcome => toSendOutcome(call, 'Meta', fromAnswer);
