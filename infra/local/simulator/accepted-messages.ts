import * as z from 'zod';
import { ShownMessage } from './shown-message.ts';
import { REPORTED_STATUSES, type StatusReport } from './webhook.ts';

/** A message that a simulated provider accepted for delivery. */
const AcceptedMessage = z.strictObject({
  /** Our id of the channel; its account's webhook gets the statuses. */
  channel: z.string(),
  customer: z.string(),
  providerMessageId: z.string(),
  /** The id with which the send was answered, from a vendor whose statuses have another one. */
  answeredId: z.string().optional(),
  /** The sender's own data, which the provider returns in every status. */
  reference: z.string().optional(),
  /** The price that comes with statuses, from a vendor that reports prices. */
  pricing: z.looseObject({}).optional(),
  /** ISO 8601, UTC. */
  at: z.string(),
  shown: ShownMessage,
});
export type AcceptedMessage = z.infer<typeof AcceptedMessage>;

/** An accepted message and the last status that was reported of it. */
export const DeliveredMessage = AcceptedMessage.extend({ status: z.enum(['accepted', ...REPORTED_STATUSES]) });
export type DeliveredMessage = z.infer<typeof DeliveredMessage>;

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
