/** The statuses of an outbound message, in the order in which they can follow each other (R13). */
export const MESSAGE_STATUSES = ['accepted', 'in_doubt', 'sent', 'delivered', 'read', 'played', 'failed'] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

/** The statuses that a provider reports. */
export type ReportedStatus = Exclude<MessageStatus, 'accepted' | 'in_doubt'>;

/** The statuses that each new status may replace: statuses only move forward, and `failed` replaces none from `delivered` on (R13). */
export const REPLACES: Readonly<Record<Exclude<MessageStatus, 'accepted'>, readonly MessageStatus[]>> = {
  in_doubt: ['accepted'],
  sent: ['accepted', 'in_doubt'],
  delivered: ['accepted', 'in_doubt', 'sent'],
  read: ['accepted', 'in_doubt', 'sent', 'delivered'],
  played: ['accepted', 'in_doubt', 'sent', 'delivered', 'read'],
  failed: ['accepted', 'in_doubt', 'sent'],
};

export const canReplace = (next: Exclude<MessageStatus, 'accepted'>, current: MessageStatus): boolean =>
  REPLACES[next].includes(current);
