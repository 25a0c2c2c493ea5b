import type { BusEvent } from '../../functions/shared/domain/delivery.ts';
import { EVENT_SOURCE, type EventType } from '../../functions/shared/domain/event-types.ts';

const anEvent = (type: string, about: object, source: string = EVENT_SOURCE): BusEvent => ({
  source,
  type,
  detail: { id: 'evt_01234567890123456789012345', occurredAt: '2026-11-20T12:00:00.000Z', ...about },
});

interface DeliveryCase {
  readonly name: string;
  readonly events: EventType[] | undefined;
  readonly event: BusEvent;
  readonly selected: boolean;
}

/** Whether an endpoint of channel `support`, of account `shop-meta`, receives an event; the same in EventBridge and on a laptop. */
export const DELIVERY_CASES: readonly DeliveryCase[] = [
  {
    name: 'an event of the channel',
    events: undefined,
    event: anEvent('session.opened', { channel: 'support' }),
    selected: true,
  },
  {
    name: 'an event of another channel',
    events: undefined,
    event: anEvent('session.opened', { channel: 'sales' }),
    selected: false,
  },
  {
    name: 'an event of the account behind the channel',
    events: undefined,
    event: anEvent('template.changed', { account: 'shop-meta' }),
    selected: true,
  },
  {
    name: 'an event of another account',
    events: undefined,
    event: anEvent('template.changed', { account: 'care-sinch' }),
    selected: false,
  },
  {
    name: 'an event of a channel that has the name of the account',
    events: undefined,
    event: anEvent('session.opened', { channel: 'shop-meta' }),
    selected: false,
  },
  {
    name: 'a type that it selects',
    events: ['session.closing', 'session.closed'],
    event: anEvent('session.closed', { channel: 'support' }),
    selected: true,
  },
  {
    name: 'a type that it does not select',
    events: ['session.closing'],
    event: anEvent('session.closed', { channel: 'support' }),
    selected: false,
  },
  {
    name: 'a type that it selects, of another channel',
    events: ['session.closing'],
    event: anEvent('session.closing', { channel: 'sales' }),
    selected: false,
  },
  {
    name: 'a type of the account that it selects',
    events: ['template.changed'],
    event: anEvent('template.changed', { account: 'shop-meta' }),
    selected: true,
  },
  {
    name: 'a type of the account that it does not select',
    events: ['session.closing'],
    event: anEvent('template.changed', { account: 'shop-meta' }),
    selected: false,
  },
  {
    name: 'an event of neither channel nor account',
    events: undefined,
    event: anEvent('session.opened', {}),
    selected: false,
  },
  {
    name: 'an event of another source on the bus',
    events: undefined,
    event: anEvent('session.opened', { channel: 'support' }, 'crm'),
    selected: false,
  },
];
