import type { ShownMessage } from './shown-message.ts';
import type { StatusReport } from './webhook.ts';

/** A message that a simulated provider accepted for delivery. */
export interface AcceptedMessage {
  /** Our id of the channel; its account's webhook gets the statuses. */
  readonly channel: string;
  readonly customer: string;
  readonly providerMessageId: string;
  /** The id with which the send was answered, from a vendor whose statuses have another one. */
  readonly answeredId?: string | undefined;
  /** The sender's own data, which the provider returns in every status. */
  readonly reference?: string | undefined;
  /** The price that comes with statuses, from a vendor that reports prices. */
  readonly pricing?: object | undefined;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly shown: ShownMessage;
}

/** An accepted message and the last status that was reported of it. */
export type DeliveredMessage = AcceptedMessage & { readonly status: StatusReport['status'] | 'accepted' };

export interface AcceptedMessages {
  readonly add: (message: AcceptedMessage) => void;
  /** Finds a message by the provider's id, or by the sender's id that its reference carries. */
  readonly find: (id: string) => AcceptedMessage | undefined;
  readonly setStatus: (message: AcceptedMessage, status: StatusReport['status']) => void;
  readonly list: () => readonly DeliveredMessage[];
  readonly replace: (messages: readonly DeliveredMessage[]) => void;
}

export const createAcceptedMessages = (): AcceptedMessages => {
  let messages: DeliveredMessage[] = [];
  return {
    add: (message) => {
      messages.push({ ...message, status: 'accepted' });
    },
    find: (id) =>
      messages.findLast(
        ({ providerMessageId, answeredId, reference }) =>
          providerMessageId === id || answeredId === id || reference?.includes(id),
      ),
    setStatus: ({ providerMessageId }, status) => {
      messages = messages.map((message) =>
        message.providerMessageId === providerMessageId ? { ...message, status } : message,
      );
    },
    list: () => messages,
    replace: (loaded) => {
      messages = [...loaded];
    },
  };
};
