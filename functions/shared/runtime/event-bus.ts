import {
  EventBridgeClient,
  type EventBridgeClientConfig,
  PutEventsCommand,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
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

/** Whether the bus accepted an entry; `invalid`: it will accept it at no attempt. */
export type PutResult = boolean | 'invalid';

/** The bus to which events are published. */
export interface EventBus {
  /** Puts up to 10 events; returns the result of each, in order. */
  readonly put: (entries: readonly BusEntry[]) => Promise<readonly PutResult[]>;
}

export const createEventBridgeClient = (config: EventBridgeClientConfig = {}): EventBridgeClient =>
  new EventBridgeClient({ ...awsClientLimits(4, 3_000), ...config });

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
const INVALID_ENTRY: ReadonlySet<string> = new Set(['InvalidArgument', 'MalformedDetail']);

const toResult = ({ EventId, ErrorCode = '' }: PutEventsResultEntry): PutResult =>
  EventId !== undefined || (INVALID_ENTRY.has(ErrorCode) && 'invalid');

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
    return entries.map((_, index) => toResult(results[index] ?? {}));
  },
});
