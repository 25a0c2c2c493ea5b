/** A message that a simulated provider accepted for delivery. */
export interface AcceptedMessage {
  /** Our id of the channel; its account's webhook gets the statuses. */
  readonly channel: string;
  readonly customer: string;
  readonly providerMessageId: string;
  /** The id with which the send was answered, from a vendor whose statuses have another one. */
  readonly answeredId?: string;
  /** The sender's own data, which the provider returns in every status. */
  readonly reference: string | undefined;
  /** The price that comes with statuses, from a vendor that reports prices. */
  readonly pricing?: object;
}

export interface AcceptedMessages {
  readonly add: (message: AcceptedMessage) => void;
  /** Finds a message by the provider's id, or by the sender's id that its reference carries. */
  readonly find: (id: string) => AcceptedMessage | undefined;
}

export const createAcceptedMessages = (): AcceptedMessages => {
  const messages: AcceptedMessage[] = [];
  return {
    add: (message) => {
      messages.push(message);
    },
    find: (id) =>
      messages.findLast(
        ({ providerMessageId, answeredId, reference }) =>
          providerMessageId === id || answeredId === id || reference?.includes(id),
      ),
  };
};
