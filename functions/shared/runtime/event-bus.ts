import { EventBridgeClient, type EventBridgeClientConfig, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { EVENT_SOURCE } from '../domain/event-types.ts';

/** An event as a bus takes it. */
export interface BusEntry {
  /** Ours, as it stands in the detail. */
  readonly id: string;
  /** When it happened. */
  readonly time: Date;
  readonly detailType: string;
  /** JSON text. */
  readonly detail: string;
}

/** Where events go. */
export interface EventBus {
  /** Hands over up to 10 events; answers for each, in order, whether it was taken. */
  readonly put: (entries: readonly BusEntry[]) => Promise<readonly boolean[]>;
}

/** Limits on every call, so that a hanging connection never eats the Lambda's time. */
const LIMITS = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 500, requestTimeout: 3_000, throwOnRequestTimeout: true },
};

export const createEventBridgeClient = (config: EventBridgeClientConfig = {}): EventBridgeClient =>
  new EventBridgeClient({ ...LIMITS, ...config });

/** The bus in EventBridge. */
export const createEventBridgeBus = (client: EventBridgeClient, busName: string): EventBus => ({
  put: async (entries) => {
    const { Entries: answers = [] } = await client.send(
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
    return entries.map((_, index) => answers[index]?.EventId !== undefined);
  },
});
