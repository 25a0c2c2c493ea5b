/** The statuses of an outbound message, in the order in which they can follow each other (R13). */
export const MESSAGE_STATUSES = [
  'accepted',
  'in_doubt',
  'held',
  'sent',
  'delivered',
  'read',
  'played',
  'failed',
] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

/** The statuses that a provider reports in webhooks; `held` comes in the answer to a send alone. */
export type ReportedStatus = Exclude<MessageStatus, 'accepted' | 'in_doubt' | 'held'>;

/**
 * The statuses that each new status may replace (R13): statuses only move forward, `failed` replaces none from `delivered`
 * on, and a proof that the customer got the message replaces `failed`.
 */
export const REPLACES: Readonly<Record<Exclude<MessageStatus, 'accepted'>, readonly MessageStatus[]>> = {
  in_doubt: ['accepted'],
  held: ['accepted', 'in_doubt'],
  sent: ['accepted', 'in_doubt', 'held'],
  delivered: ['accepted', 'in_doubt', 'held', 'sent', 'failed'],
  read: ['accepted', 'in_doubt', 'held', 'sent', 'failed', 'delivered'],
  played: ['accepted', 'in_doubt', 'held', 'sent', 'failed', 'delivered', 'read'],
  failed: ['accepted', 'in_doubt', 'held', 'sent'],
};

export const canReplace = (next: Exclude<MessageStatus, 'accepted'>, current: MessageStatus): boolean =>
  REPLACES[next].includes(current);
