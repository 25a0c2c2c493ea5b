import * as z from 'zod';
import { CustomerName } from '../../../functions/shared/domain/customer.ts';
import type { AcceptedMessages, DeliveredMessage } from './accepted-messages.ts';
import { senderOf, waIdOf } from './wa-id.ts';
import { UserId } from './write-request.ts';
import type { WrittenMessage, WrittenMessages } from './written-messages.ts';

/** Whose phone is shown: a number, a user id or both. */
export const PhoneQuery = z
  .strictObject({ channel: z.string().min(1), from: CustomerName.optional(), userId: UserId.optional() })
  .refine(({ from, userId }) => from !== undefined || userId !== undefined, {
    path: ['from'],
    error: 'give from, userId or both',
  });
export type PhoneQuery = z.infer<typeof PhoneQuery>;

export interface PhoneDeps {
  readonly accepted: AcceptedMessages;
  readonly written: WrittenMessages;
  readonly now: () => Date;
}

const fromBusiness = ({ providerMessageId: id, at, status, shown }: DeliveredMessage) => ({
  id,
  by: 'business',
  at,
  status,
  ...shown,
});

const fromCustomer = ({ id, at, isRead = false, shown }: WrittenMessage) => ({
  id,
  by: 'customer',
  at,
  status: isRead ? 'read' : 'sent',
  ...shown,
});

/** Shows the phone of a customer: what the customer wrote, and what the provider has not failed to deliver; oldest first. */
export const createPhone =
  ({ accepted, written, now }: PhoneDeps) =>
  ({ channel, from, userId }: PhoneQuery) => {
    const sender = senderOf({ from, userId });
    const isOwn = (name: string): boolean => name === sender.waId || name === sender.userId;
    const own = written.list().filter((message) => message.channel === channel && message.names.some(isOwn));
    const received = accepted
      .list()
      .filter(
        (message) => message.channel === channel && message.status !== 'failed' && isOwn(waIdOf(message.customer)),
      );
    const messages = [...own.map(fromCustomer), ...received.map(fromBusiness)];
    return {
      messages: messages.toSorted((one, other) => one.at.localeCompare(other.at)),
      isTyping: own.some(({ typingUntilMs = 0 }) => now().getTime() < typingUntilMs),
    };
  };
