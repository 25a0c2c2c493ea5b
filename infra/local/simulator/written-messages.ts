import type { ShownMessage } from './shown-message.ts';

/** How long WhatsApp shows that the business types. */
const TYPING_MS = 25_000;

/** A message that a customer sent to the business. */
export interface WrittenMessage {
  readonly channel: string;
  /** The names under which the customer wrote, as WhatsApp writes them. */
  readonly names: readonly string[];
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly shown: ShownMessage;
  /** The business has marked it as read. */
  readonly isRead?: boolean | undefined;
  /** Until when the business types, in epoch milliseconds. */
  readonly typingUntilMs?: number | undefined;
}

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
