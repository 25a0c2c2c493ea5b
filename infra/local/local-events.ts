import { createChangeStream } from '../../functions/change-stream/change-stream.ts';
import { systemClock } from '../../functions/shared/runtime/clock.ts';
import { createLocalBus } from './local-bus.ts';
import { signingSecretsOf, withoutSecrets } from './local-config.ts';
import { createLocalDeliveries } from './local-deliveries.ts';
import type { LocalMedia } from './local-media.ts';
import { handlerOptions, type LocalParts } from './local-parts.ts';
import { startTableStream } from './table-stream.ts';

/** Signs by the system clock: endpoints verify the signature's time against their own. */
const createDeliveries = ({ config, log }: LocalParts) =>
  createLocalDeliveries({
    config: withoutSecrets(config),
    secretsOf: signingSecretsOf(config),
    now: systemClock,
    random: Math.random,
    log: log('event-delivery'),
  });

/** Starts the change-stream handler on the local table's stream, with a bus in memory and the deliveries behind it. */
export const startLocalEvents = async (parts: LocalParts, { queue: mediaQueue }: LocalMedia) => {
  const deliveries = createDeliveries(parts);
  const { bus, list, clear } = createLocalBus(deliveries.deliver);
  const handler = createChangeStream({ ...handlerOptions(parts, 'change-stream'), bus, mediaQueue });
  const stream = await startTableStream(parts.endpoint, parts.tableName, handler);
  return {
    /** False when the DynamoDB in use has no streams: then no event is published. */
    hasStream: stream !== undefined,
    list,
    clear,
    /** Sends the deliveries that failed every attempt again; returns their number. */
    redrive: deliveries.redrive,
    /** Resolves once every earlier write has been published. */
    drain: async () => {
      await stream?.drain();
    },
    stop: async () => {
      await stream?.stop();
      await deliveries.stop();
    },
  };
};
export type LocalEvents = Awaited<ReturnType<typeof startLocalEvents>>;
