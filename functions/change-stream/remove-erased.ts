import type { Change } from '../shared/store/changes.ts';
import type { MessageOfSession } from '../shared/store/customer/erased-session.ts';
import type { StoreRuntime } from './store.ts';

/** A message of the customer that is new in this change, with the session that it opened or extended. */
const messageOfSession = (change: Change): MessageOfSession | undefined => {
  if (change.kind !== 'message' || change.before !== undefined || change.after?.direction !== 'inbound')
    return undefined;
  const { id, at, window } = change.after;
  const { channel, customer } = change;
  return window?.sessionId === undefined ? undefined : { channel, customer, id, atMs: at, sessionId: window.sessionId };
};

/**
 * Removes the messages that a webhook stored after their customer was erased (R16), before they are counted.
 * @throws when the table does not answer
 */
export const removeErased = async ({ store }: StoreRuntime, changes: readonly Change[]): Promise<void> => {
  const messages = changes.map(messageOfSession).filter((message) => message !== undefined);
  if (messages.length > 0) await store.removeErased(messages);
};
