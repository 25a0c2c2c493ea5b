import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { type ChangeStreamOptions, createChangeStream } from '../../functions/change-stream/change-stream.ts';
import { systemClock } from '../../functions/shared/runtime/clock.ts';
import { type RedriveCounts, type RedriveDeps, redriveDeadLetters } from '../operate/redrive-dead-letters.ts';
import { createRepublish } from '../operate/republish.ts';
import { createStreamReader } from '../operate/stream-reader.ts';
import { LOCAL_ENGINE } from '../shared/local-engine.ts';
import { createLocalBus } from './local-bus.ts';
import { signingSecretsOf, withoutSecrets } from './local-config.ts';
import { createLocalDeadLetters } from './local-dead-letters.ts';
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

/** Redrives as the command does on a stage, with the deployed code. */
const redriveRecords = async (
  { endpoint }: LocalParts,
  options: Omit<ChangeStreamOptions, 'log' | 'deadLetters'>,
  deps: Pick<RedriveDeps, 'queue' | 'print'>,
): Promise<RedriveCounts> => {
  const client = new DynamoDBStreamsClient({ ...LOCAL_ENGINE, endpoint });
  try {
    const reader = createStreamReader(client);
    return await redriveDeadLetters({ ...deps, reader, republish: createRepublish(options) });
  } finally {
    client.destroy();
  }
};

/** Starts the change-stream handler on the local table's stream, with a bus in memory and the deliveries behind it. */
export const startLocalEvents = async (parts: LocalParts, { queue: mediaQueue }: LocalMedia) => {
  const deliveries = createDeliveries(parts);
  const { bus, list, clear } = createLocalBus(deliveries.deliver);
  const deadLetters = createLocalDeadLetters();
  const options = { ...handlerOptions(parts, 'change-stream'), bus, mediaQueue };
  const handler = createChangeStream({ ...options, deadLetters });
  const stream = await startTableStream(parts.endpoint, parts.tableName, handler);
  return {
    /** False when the DynamoDB in use has no streams: then no event is published. */
    hasStream: stream !== undefined,
    list,
    clear,
    /** Publishes the records of the dead-letter queue, and sends the deliveries that failed every attempt again. */
    redrive: async () => {
      const lines: string[] = [];
      const records = await redriveRecords(parts, options, { queue: deadLetters, print: (line) => lines.push(line) });
      return { records, lines, deliveries: deliveries.redrive() };
    },
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
