import { EventBridgeClient, type EventBridgeClientConfig, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { EVENT_SOURCE } from '../domain/event-types.ts';
import { awsClientLimits } from '../network/aws-client-limits.ts';

/** An event in the form that a bus accepts. */
export interface BusEntry {
  /** The id that CareWindow gave the event; the detail holds it too. */
  readonly id: string;
  /** When the event occurred. */
  readonly time: Date;
  readonly detailType: string;
  /** JSON text. */
  readonly detail: string;
}

/** The bus to which events are published. */
export interface EventBus {
  /** Puts up to 10 events; returns for each, in order, whether the bus accepted it. */
  readonly put: (entries: readonly BusEntry[]) => Promise<readonly boolean[]>;
}

export const createEventBridgeClient = (config: EventBridgeClientConfig = {}): EventBridgeClient =>
  new EventBridgeClient({ ...awsClientLimits(4, 3_000), ...config });

/** The event bus in EventBridge. */
export const createEventBridgeBus = (client: EventBridgeClient, busName: string): EventBus => ({
  put: async (entries) => {
    const { Entries: results = [] } = await client.send(
      new PutEventsCommand({
        Entries: entries.map(({ time, detailType, detail }) => ({
          EventBusName: busName,
          Source: EVENT_SOURCE,
          Time: time,
          DetailType: detailType,
          Detail: detail,
        })),
      }),
    );
    return entries.map((_, index) => results[index]?.EventId !== undefined);
  },
});
