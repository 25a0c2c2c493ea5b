import * as z from 'zod';
import { ShownMessage } from './shown-message.ts';

/** How long WhatsApp shows that the business types. */
const TYPING_MS = 25_000;

/** A message that a customer sent to the business. */
export const WrittenMessage = z.strictObject({
  channel: z.string(),
  /** The names under which the customer wrote, as WhatsApp writes them. */
  names: z.array(z.string()),
  id: z.string(),
  /** ISO 8601, UTC. */
  at: z.string(),
  shown: ShownMessage,
  /** The business has marked it as read. */
  isRead: z.boolean().optional(),
  /** Until when the business types, in epoch milliseconds. */
  typingUntilMs: z.number().optional(),
});
export type WrittenMessage = z.infer<typeof WrittenMessage>;

/** What the customers wrote, as their phones keep it. */
export interface WrittenMessages {
  readonly add: (message: WrittenMessage) => void;
  /** Marks a message as read, as the business asks for it. */
  readonly markRead: (id: string, isTyping: boolean) => void;
  readonly list: () => readonly WrittenMessage[];
  readonly replace: (messages: readonly WrittenMessage[]) => void;
}

export const createWrittenMessages = (now: () => Date): WrittenMessages => {
  let messages: WrittenMessage[] = [];
  return {
    add: (message) => {
      messages.push(message);
    },
    markRead: (id, isTyping) => {
      const typingUntilMs = isTyping ? now().getTime() + TYPING_MS : undefined;
      messages = messages.map((message) => (message.id === id ? { ...message, isRead: true, typingUntilMs } : message));
    },
    list: () => messages,
    replace: (loaded) => {
      messages = [...loaded];
    },
  };
};
