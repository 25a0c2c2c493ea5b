import type { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import { createEventBridgeBus } from '../../../functions/shared/runtime/event-bus.ts';

const anEntry = (detailType: string) => ({
  time: new Date('2026-11-20T12:00:00Z'),
  detailType,
  id: 'evt_1',
  detail: '{"id":"evt_1"}',
});

const aClient = (results: object[] | undefined) => {
  const sent: PutEventsCommand[] = [];
  const send = async (command: PutEventsCommand) => {
    sent.push(command);
    return { Entries: results };
  };
  return { sent, client: { send } as unknown as EventBridgeClient };
};

describe('the bus in EventBridge', () => {
  it('returns which entries were accepted, in order', async () => {
    const { sent, client } = aClient([{ EventId: '1' }, { ErrorCode: 'ThrottlingException' }, { EventId: '3' }]);
    const bus = createEventBridgeBus(client, 'events');

    expect(await bus.put([anEntry('a'), anEntry('b'), anEntry('c')])).toEqual([true, false, true]);

    expect(sent[0]?.input.Entries?.[0]).toEqual({
      EventBusName: 'events',
      Source: 'carewindow',
      Time: new Date('2026-11-20T12:00:00Z'),
      DetailType: 'a',
      Detail: '{"id":"evt_1"}',
    });
  });

  it('treats a response without entries as a rejection', async () => {
    expect(await createEventBridgeBus(aClient(undefined).client, 'events').put([anEntry('a')])).toEqual([false]);
  });
});
