import { parseCustomer } from '../../domain/customer.ts';
import { ID_PATTERN } from '../../domain/id.ts';
import type { MessageName } from '../keys.ts';

const MESSAGE_ID = new RegExp(`^msg_${ID_PATTERN}$`);

/** Whether a text has the form of the service's own message ids. */
export const isMessageId = (id: string): boolean => MESSAGE_ID.test(id);

const REFERENCE = new RegExp(`^cw1\\.(\\d{13})\\.(msg_${ID_PATTERN})\\.(.+)$`);

/** The text that a provider carries with an outbound message and returns with its statuses: it names the record (R12). */
export const toReference = ({ atMs, id, customer }: Omit<MessageName, 'channel'>): string =>
  `cw1.${String(atMs).padStart(13, '0')}.${id}.${customer}`;

/** Reads {@link toReference} back; `undefined` for the text of another sender. */
export const parseReference = (reference: string): Omit<MessageName, 'channel'> | undefined => {
  const [, atMs, id, name] = REFERENCE.exec(reference) ?? [];
  const customer = name === undefined ? undefined : parseCustomer(name);
  return atMs === undefined || id === undefined || customer === undefined
    ? undefined
    : { atMs: Number(atMs), id, customer };
};
