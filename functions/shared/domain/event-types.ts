/** The `source` of the service's events on the bus. */
export const EVENT_SOURCE = 'carewindow';

/** Every type of event. */
export const EVENT_TYPES = [
  'message.received',
  'message.status',
  'session.opened',
  'session.closing',
  'session.closed',
  'session.owner_changed',
  'consent.changed',
  'usage.threshold',
  'template.changed',
  'customer.identified',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];
