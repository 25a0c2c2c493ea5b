import { ownName } from '../../domain/names.ts';
import { linkNames, releaseName } from '../customer/link-names.ts';
import type { Table } from '../dynamo/client.ts';
import type { QualifyingMessage } from './window-update.ts';

/** Where the items of the writer of a message are looked for, and whether the names of the message are linked. */
export type Writer = Partial<Pick<QualifyingMessage, 'customer' | 'given' | 'otherName' | 'isLinked' | 'isKnown'>>;

/**
 * Finds out who wrote a message: links the names of its webhook, and gives a number that was given up to its next owner.
 * A message whose names newer reports contradict belongs to whoever had the number then. A customer whose names are linked is stored:
 * one who is not any more was erased (R16).
 */
export const identifyWriter = async (table: Table, message: QualifyingMessage): Promise<Writer | 'erased'> => {
  const { channel, given, otherName, at, now, isKnown, onLink } = message;
  if (otherName === undefined) {
    const released = await releaseName(table, { channel, name: given, at, now });
    if (released.kind !== 'known') onLink?.(released);
    return { isLinked: true };
  }
  const names = [ownName(given), ownName(otherName)];
  const linked = await linkNames(table, { link: { channel, names, at, learnedFrom: 'message' }, now, isKnown });
  if (linked.kind === 'erased') return 'erased';
  if (linked.kind !== 'known') onLink?.(linked);
  return linked.kind === 'too_many_names' ? { otherName: undefined } : { isLinked: true, isKnown: true };
};
