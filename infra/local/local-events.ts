import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { type ChangeStreamOptions, createChangeStream } from '../../functions/change-stream/change-stream.ts';
import { systemClock } from '../../functions/shared/runtime/clock.ts';
import { toDocumentClient } from '../../functions/shared/store/dynamo/client.ts';
import { createEndpointOutcomeStore } from '../../functions/shared/store/endpoint-outcomes.ts';
import type { DeadLetterQueue } from '../operate/dead-letter-queue.ts';
import { type RedriveCounts, redriveDeadLetters } from '../operate/redrive-dead-letters.ts';
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
const createDeliveries = ({ config, client, tableName, log }: LocalParts) =>
  createLocalDeliveries({
    config: withoutSecrets(config),
    secretsOf: signingSecretsOf(config),
    store: createEndpointOutcomeStore({ documents: toDocumentClient(client), tableName }),
    now: systemClock,
    random: Math.random,
    log: log('event-delivery'),
  });

/** Redrives dead letters as the command does on a stage, with the deployed code. */
const createRedrive =
  ({ endpoint }: LocalParts, queue: DeadLetterQueue, options: Omit<ChangeStreamOptions, 'log' | 'deadLetters'>) =>
  async (): Promise<{ readonly records: RedriveCounts; readonly lines: readonly string[] }> => {
    const lines: string[] = [];
    const client = new DynamoDBStreamsClient({ ...LOCAL_ENGINE, endpoint });
    const deps = { queue, reader: createStreamReader(client), republish: createRepublish(options) };
    try {
      return { records: await redriveDeadLetters({ ...deps, print: (line) => lines.push(line) }), lines };
    } finally {
      client.destroy();
    }
  };

/** Starts the change-stream handler on the local table's stream, with a bus in memory and the deliveries behind it. */
export const startLocalEvents = async (parts: LocalParts, { queue: mediaQueue }: LocalMedia) => {
  const deliveries = createDeliveries(parts);
  const { bus, list, replace } = createLocalBus(deliveries.deliver);
  const deadLetters = createLocalDeadLetters();
  const options = { ...handlerOptions(parts, 'change-stream'), bus, mediaQueue };
  const handler = createChangeStream({ ...options, deadLetters });
  const redriveRecords = createRedrive(parts, deadLetters, options);
  let isIgnoring = false;
  const stream = await startTableStream(parts.endpoint, parts.tableName, (batch) =>
    isIgnoring ? Promise.resolve({ batchItemFailures: [] }) : handler(batch),
  );
  const drain = async (): Promise<void> => {
    await stream?.drain();
  };
  return {
    /** False when the DynamoDB in use has no streams: then no event is published. */
    hasStream: stream !== undefined,
    list,
    clear: () => replace([]),
    replace,
    deliveryQueue: deliveries.queue,
    /** Publishes the records of the dead-letter queue, and sends the deliveries that failed every attempt again. */
    redrive: async () => ({ ...(await redriveRecords()), deliveries: deliveries.redrive() }),
    /** Resolves once every earlier write has been published. */
    drain,
    /** Runs a task whose writes to the table publish nothing and count as no usage. */
    ignoring: async (task: () => Promise<void>): Promise<void> => {
      await drain();
      isIgnoring = true;
      try {
        await task();
        await drain();
      } finally {
        isIgnoring = false;
      }
    },
    stop: async () => {
      await stream?.stop();
      await deliveries.stop();
    },
  };
};
export type LocalEvents = Awaited<ReturnType<typeof startLocalEvents>>;
