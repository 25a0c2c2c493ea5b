import { createHash } from 'node:crypto';
import type { ServiceEvent } from '../shared/domain/events.ts';
import { encodeId } from '../shared/domain/id.ts';
import type { BusEntry } from '../shared/runtime/event-bus.ts';

/** EventBridge accepts 256 KB per event, envelope included. */
const MAX_DETAIL_BYTES = 250_000;

/** The id of an event: the same for the same facts, so that a consumer can discard repeats. */
const toEventId = (type: string, identity: ServiceEvent['identity']): string => {
  const digest = createHash('sha256')
    .update(JSON.stringify([type, ...identity]))
    .digest();
  return `evt_${encodeId(digest)}`;
};

/** The same event with the size of its content in place of the content. Throws for any event but `message.received`. */
const withoutContent = (event: ServiceEvent, tooLargeBytes: number): ServiceEvent => {
  if (event.type !== 'message.received') throw new Error(`${event.type} is too large for the bus`);
  const { referral: _, ...data } = event.detail.data;
  const content = { type: data.content.type, tooLargeBytes };
  return { ...event, detail: { ...event.detail, data: { ...data, content } } };
};

/** Converts an event to a bus entry; content that is too large for the bus is left out. */
export const toEntry = (event: ServiceEvent): BusEntry => {
  const { type, identity, detail: fields } = event;
  const id = toEventId(type, identity);
  const detail = JSON.stringify({ id, version: 1, ...fields });
  const bytes = Buffer.byteLength(detail);
  if (bytes > MAX_DETAIL_BYTES) return toEntry(withoutContent(event, bytes));
  return { id, time: new Date(fields.occurredAt), detailType: type, detail };
};
