import type { DeliveryMessage } from '../shared/domain/delivery.ts';
import type { Log } from '../shared/runtime/log.ts';
import { type EndpointOutcomeStore, OUTCOME_PERIOD_MS } from '../shared/store/endpoint-outcomes.ts';
import type { DeliveryOutcome } from './call-endpoint.ts';

interface OutcomeDeps {
  readonly store: Pick<EndpointOutcomeStore, 'recordOutcome'>;
  readonly now: () => Date;
  readonly log: Log;
}

/** Records what came of an attempt; never throws. */
export type RecordOutcome = (message: DeliveryMessage, outcome: DeliveryOutcome) => Promise<void>;

/** Each container asks the table once a minute for each outcome of an endpoint, the table writes it once a minute. */
export const createOutcomeRecorder = ({ store, now, log }: OutcomeDeps): RecordOutcome => {
  const lastAsked = new Map<string, number>();
  return async ({ channel, url, detail: { id: eventId } }, outcome) => {
    const at = now();
    const key = JSON.stringify([channel, url, outcome.kind]);
    if (at.getTime() - (lastAsked.get(key) ?? Number.NEGATIVE_INFINITY) < OUTCOME_PERIOD_MS) return;
    lastAsked.set(key, at.getTime());
    const failureCode = outcome.kind === 'failed' ? outcome.code : undefined;
    try {
      await store.recordOutcome({ channel, url, eventId, at, failureCode });
    } catch (fault) {
      lastAsked.delete(key);
      log.error('event-delivery.outcome-unwritten', { channel, eventId }, fault);
    }
  };
};
