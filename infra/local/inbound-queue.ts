import { MAX_RECEIVES, VISIBILITY_SECONDS } from '../../functions/inbound-queue/env.ts';
import { createInboundQueue } from '../../functions/inbound-queue/inbound-queue.ts';
import { rawBody } from '../../functions/shared/http/request.ts';
import { json } from '../../functions/shared/http/respond.ts';
import { localRoute } from './control/local-route.ts';
import type { LocalEvents } from './local-events.ts';
import { handlerOptions, type LocalParts } from './local-parts.ts';
import { createLocalQueue } from './local-queue.ts';
import { QUEUE_PATH } from './simulator/aws-social/event.ts';

/** The queue in which a topic of AWS End User Messaging Social delivers, with the deployed handler behind it. */
export const createLocalInboundQueue = (parts: LocalParts) => {
  const { config, simulator } = parts;
  const accounts = config.accounts.filter(({ provider }) => provider === 'aws-social');
  const queue = createLocalQueue({
    createHandler: () => createInboundQueue(handlerOptions(parts, 'inbound-queue')),
    maxReceives: MAX_RECEIVES,
    visibilitySeconds: VISIBILITY_SECONDS,
  });
  /** Answers 200 once the event was received, also when it failed: it is received again, as in AWS. */
  const route = localRoute('POST', QUEUE_PATH, async (event) => {
    const body = rawBody(event);
    await queue.put(Buffer.from(body).toString('utf8'));
    for (const { id } of accounts) simulator.observe(id, body);
    return json(200, {});
  });
  const handler = simulator.wire.recording({ kind: 'webhook', provider: 'aws-social' }, route.handler);
  /** The events, and with a redrive those that failed at each receive too. */
  const redrivenWith = (events: LocalEvents) => ({
    ...events,
    redrive: async () => ({ ...(await events.redrive()), socialEvents: queue.redrive() }),
  });
  return { route: { ...route, handler }, redrivenWith, stop: queue.stop };
};
