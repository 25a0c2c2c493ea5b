import { createHash } from 'node:crypto';
import type { ServiceEvent } from '../shared/domain/events.ts';
import type { BusEntry } from '../shared/runtime/event-bus.ts';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ID_LENGTH = 26;

/** EventBridge takes 256 KB for an event with all that is around it. */
const MAX_DETAIL_BYTES = 250_000;

/** The id of an event: the same for the same facts, so that a consumer can drop repeats. */
const toEventId = (type: string, identity: ServiceEvent['identity']): string => {
  const digest = createHash('sha256')
    .update(JSON.stringify([type, ...identity]))
    .digest();
  const characters = Array.from(digest.subarray(0, ID_LENGTH), (byte) => CROCKFORD[byte % CROCKFORD.length]);
  return `evt_${characters.join('')}`;
};

/** The same event with a note in the place of what is too large for the bus. */
const withoutContent = (event: ServiceEvent, tooLargeBytes: number): ServiceEvent => {
  if (event.type !== 'message.received') throw new Error(`${event.type} is too large for the bus`);
  const { referral: _, ...data } = event.detail.data;
  const content = { type: data.content.type, tooLargeBytes };
  return { ...event, detail: { ...event.detail, data: { ...data, content } } };
};

/** An event as the bus takes it. */
export const toEntry = (event: ServiceEvent): BusEntry => {
  const { type, identity, detail: facts } = event;
  const id = toEventId(type, identity);
  const detail = JSON.stringify({ id, version: 1, ...facts });
  const bytes = Buffer.byteLength(detail);
  if (bytes > MAX_DETAIL_BYTES) return toEntry(withoutContent(event, bytes));
  return { id, time: new Date(facts.occurredAt), detailType: type, detail };
};
