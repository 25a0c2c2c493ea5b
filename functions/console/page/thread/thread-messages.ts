import type { components } from '../../../client/client.ts';

export type Message = components['schemas']['Message'];

/** The newest page of a thread and the older ones that were read, oldest message first, each once as read last. */
export const joinPages = (newest: readonly Message[], older: readonly (readonly Message[])[]): readonly Message[] => {
  const byId = new Map<string, Message>();
  for (const message of [...newest, ...older.flat()]) if (!byId.has(message.id)) byId.set(message.id, message);
  return [...byId.values()].toReversed();
};
