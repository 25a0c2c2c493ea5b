import { type CustomerKey, parsePhone } from '../../domain/customer.ts';
import type { InboundContent } from '../../domain/inbound.ts';
import { toInstant } from '../../domain/time.ts';
import type { WebhookItem } from '../provider.ts';
import { ignored, malformed, unreadable } from '../webhook-items.ts';
import { identifyCustomer } from './identities.ts';
import { Call, CallStatus } from './schema.ts';
import { type Origin, opensOn, withErrors } from './to-domain.ts';

type CallContent = Extract<InboundContent, { type: 'call' }>;

/** A call, or what became of it, as one message of its customer. */
interface CallEvent {
  /** Differs for each event of a call, so that none is taken for a repetition of another. */
  readonly id: string;
  readonly at: number;
  readonly content: CallContent;
  readonly customer: { readonly from?: string | undefined; readonly from_user_id?: string | undefined };
  readonly raw: unknown;
}

const toItem = ({ id, at, content, customer, raw }: CallEvent, { channel, contacts }: Origin): WebhookItem => {
  const sender = identifyCustomer(customer, contacts);
  if (sender === undefined) return malformed('call names no customer', { raw, channel: channel.id });
  const opens = opensOn(`call.${content.event}`, channel);
  return { kind: 'message', message: { ...sender, channel: channel.id, id, providerAtMs: at * 1000, opens, content } };
};

const isNumber = (text: string | undefined, number: CustomerKey | undefined): boolean =>
  text !== undefined && number !== undefined && parsePhone(text) === number;

/** `from` names the caller in some webhooks and the business in others: the customer is the side that is not the number. */
const isFromCustomer = ({ from, to, direction }: Call, { number }: Origin): boolean => {
  if (isNumber(to, number)) return true;
  return !isNumber(from, number) && direction !== 'BUSINESS_INITIATED';
};

/** Meta's own example of a customer's call has no direction. */
const isStartedByCustomer = (call: Call, origin: Origin): boolean =>
  call.direction === undefined ? isFromCustomer(call, origin) : call.direction === 'USER_INITIATED';

const instantOf = (seconds: number | undefined) => (seconds === undefined ? undefined : toInstant(seconds));

const contentOf = (event: 'connect' | 'terminate', call: Call): CallContent => ({
  type: 'call',
  event,
  callId: call.id,
  direction: call.direction,
  status: call.status,
  durationSeconds: call.duration,
  startedAt: instantOf(call.start_time),
  endedAt: instantOf(call.end_time),
});

/** Reads one of `calls`: a call by the customer opens a session, answered or not (R4); its end is recorded. */
export const toCallItem = (raw: unknown, origin: Origin): WebhookItem => {
  const parsed = Call.safeParse(raw);
  if (!parsed.success) return unreadable('call', parsed.error, { raw, channel: origin.channel.id });
  const call = parsed.data;
  const { id, timestamp: at, event } = call;
  const customer = isFromCustomer(call, origin) ? call : { from: call.to, from_user_id: call.to_user_id };
  if (event === 'terminate') {
    const content = withErrors(contentOf(event, call), call.errors);
    return toItem({ id: `${id}:${event}`, at, content, customer, raw }, origin);
  }
  if (event !== 'connect' || !isStartedByCustomer(call, origin)) return ignored('other_event');
  return toItem({ id, at, content: contentOf(event, call), customer, raw }, origin);
};

/** Reads one of the `statuses` of a call: the customer's acceptance of a call by the business opens a session (R4). */
export const toCallStatusItem = (raw: unknown, origin: Origin): WebhookItem => {
  const parsed = CallStatus.safeParse(raw);
  if (!parsed.success) return unreadable('status', parsed.error);
  const { id, timestamp: at, status, recipient_id, recipient_user_id } = parsed.data;
  if (status !== 'ACCEPTED') return ignored('other_event');
  const content = { type: 'call', event: 'accepted', callId: id, direction: 'BUSINESS_INITIATED' } as const;
  const customer = { from: recipient_id, from_user_id: recipient_user_id };
  return toItem({ id: `${id}:accepted`, at, content, customer, raw }, origin);
};
