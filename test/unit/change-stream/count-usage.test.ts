import { describe, expect, it } from 'vitest';
import { countUsage } from '../../../functions/change-stream/count-usage.ts';
import type { StoreRuntime } from '../../../functions/change-stream/store.ts';
import type { Change } from '../../../functions/shared/store/changes.ts';
import { CHANNEL, CUSTOMER, NOON } from '../../support/arrivals.ts';
import { aLog } from '../../support/service.ts';

const UNAVAILABLE = new Error('the table does not answer');

const aNewMessage = (id: string): Change => ({
  kind: 'message',
  channel: CHANNEL,
  customer: CUSTOMER,
  before: undefined,
  after: { direction: 'inbound', id, at: NOON.getTime(), receivedAt: NOON.getTime(), content: { type: 'text' } },
});

/** A table on which one step fails as a whole. */
const aStore = (failing: 'countActivities' | 'countMessages') =>
  ({
    countActivities: async () => [],
    countMessages: async () => [],
    mergeMembers: async () => undefined,
    [failing]: async () => Promise.reject(UNAVAILABLE),
  }) as unknown as StoreRuntime['store'];

describe('the usage of a batch when a step of counting fails as a whole', () => {
  it.each(['countActivities', 'countMessages'] as const)(
    'fails the messages alone, and throws nothing: %s',
    async (failing) => {
      const messages = [aNewMessage('wamid.1'), aNewMessage('wamid.2')];
      const other: Change = {
        kind: 'customer',
        channel: CHANNEL,
        customer: CUSTOMER,
        before: undefined,
        after: undefined,
      };
      const runtime = {
        store: aStore(failing),
        log: aLog(),
        now: () => NOON,
        channel: () => undefined,
      } as unknown as StoreRuntime;

      const uncounted = await countUsage(runtime, [...messages, other]);

      expect(uncounted).toEqual(messages.map((change) => ({ change, fault: UNAVAILABLE })));
    },
  );
});
