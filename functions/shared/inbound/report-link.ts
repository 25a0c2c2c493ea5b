import type { LinkOutcome } from '../store/customer/link-names.ts';
import type { InboundRuntime } from './store.ts';

/** The webhook that reports a link, by ids of ours. */
export interface LinkOrigin {
  readonly channel: string;
  readonly requestId: string;
}

/** Counts the links that the provider reports, and logs those that contradict an older report or do not fit. */
export const reportLink =
  ({ log }: Pick<InboundRuntime, 'log'>, { channel, requestId }: LinkOrigin) =>
  ({ kind: outcome }: LinkOutcome): void => {
    if (outcome === 'linked') log.count('NamesLinked');
    if (outcome === 'linked' || outcome === 'known' || outcome === 'erased') return;
    log.warn('inbound-webhook.names-contradict', { channel, requestId, outcome });
    log.count('NamesContradicted');
  };
