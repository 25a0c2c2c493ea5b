import { createHash } from 'node:crypto';
import type { ServiceEvent } from '../domain/events.ts';
import { encodeId } from '../domain/id.ts';
import { shortContent } from '../domain/short-content.ts';
import type { BusEntry } from '../runtime/event-bus.ts';

/** EventBridge accepts 256 KB per event, envelope included. */
const MAX_DETAIL_BYTES = 250_000;

/** The id of an event: the same for the same facts, so that a consumer can discard repeats. */
const toEventId = (type: string, identity: ServiceEvent['identity']): string => {
  const digest = createHash('sha256')
    .update(JSON.stringify([type, ...identity]))
    .digest();
  return `evt_${encodeId(digest)}`;
};

/** The same event with the parts of its content that matter. Throws for any event but `message.received`. */
const shortened = (event: ServiceEvent, tooLargeBytes: number): ServiceEvent => {
  if (event.type !== 'message.received') throw new Error(`${event.type} is too large for the bus`);
  const { referral, ...data } = event.detail.data;
  const { tooLargeBytes: alreadyShort } = data.content;
  if (alreadyShort !== undefined && referral === undefined)
    throw new Error('the short content is too large for the bus');
  const content = { ...shortContent(data.content), tooLargeBytes: alreadyShort ?? tooLargeBytes };
  return { ...event, detail: { ...event.detail, data: { ...data, content } } };
};

/** Converts an event to a bus entry; of content that is too large for the bus, the parts that matter stay. */
export const toEntry = (event: ServiceEvent): BusEntry => {
  const { type, identity, detail: fields } = event;
  const id = toEventId(type, identity);
  const detail = JSON.stringify({ id, version: 1, ...fields });
  const bytes = Buffer.byteLength(detail);
  if (bytes > MAX_DETAIL_BYTES) return toEntry(shortened(event, bytes));
  return { id, time: new Date(fields.occurredAt), detailType: type, detail };
};
