import { parseCustomer } from '../../domain/customer.ts';
import type { MessageName } from '../keys.ts';

/** Whether a text has the form of the service's own message ids. */
export const isMessageId = (id: string): boolean => /^msg_[0-9A-Z]{26}$/.test(id);

const REFERENCE = /^cw1\.(\d{13})\.(msg_[0-9A-Z]{26})\.(.+)$/;

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
