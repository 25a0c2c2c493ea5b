/** Who tells of the events on a bus. */
export const EVENT_SOURCE = 'carewindow';

/** Every type of event that there is. */
export const EVENT_TYPES = [
  'message.received',
  'message.status',
  'session.opened',
  'session.closing',
  'session.closed',
  'consent.changed',
  'usage.threshold',
  'template.changed',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];
