import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createChangeStream } from '../../functions/change-stream/change-stream.ts';
import { createInboundWebhook } from '../../functions/inbound-webhook/inbound-webhook.ts';
import { createWebhookRuntime } from '../../functions/inbound-webhook/runtime.ts';
import { createOutboundSend } from '../../functions/outbound-send/outbound-send.ts';
import { createSendRuntime } from '../../functions/outbound-send/runtime.ts';
import { createSessionsApi } from '../../functions/sessions-api/sessions-api.ts';
import { createStore as createApiStore } from '../../functions/sessions-api/store.ts';
import type { LocalConfig } from '../../functions/shared/domain/config.ts';
import type { HttpHandler } from '../../functions/shared/http/handler.ts';
import { rawBody } from '../../functions/shared/http/request.ts';
import { type HttpFunction, ROUTES, type RouteKey } from '../../functions/shared/http/routes.ts';
import { systemClock } from '../../functions/shared/runtime/clock.ts';
import { createCoreRuntime } from '../../functions/shared/runtime/core-runtime.ts';
import { createLog, type Log } from '../../functions/shared/runtime/log.ts';
import { createDynamoClient, toDocumentClient } from '../../functions/shared/store/dynamo/client.ts';
import { createTemplateSync } from '../../functions/template-sync/template-sync.ts';
import { createStore as createSweepStore } from '../../functions/window-sweep/store.ts';
import { createWindowSweep } from '../../functions/window-sweep/window-sweep.ts';
import { type Clock, createClock } from './clock.ts';
import { controlRoutes } from './control.ts';
import { ensureSessionsTable, freePort, isTableStanding, LOCAL_ENGINE, startDynamoDb } from './dynamodb-local.ts';
import { close, createFront, listen } from './http-front.ts';
import { createLocalBus } from './local-bus.ts';
import { BUILT_IN, secretsOf, signingSecretsOf, toLocalConfig, withoutSecrets } from './local-config.ts';
import { createLocalDeliveries } from './local-deliveries.ts';
import { type Simulator, startSimulator } from './simulator/simulator.ts';
import { StartError } from './start-error.ts';
import { createLocalSweep } from './sweep.ts';
import { startTableStream } from './table-stream.ts';

export interface LocalServiceOptions {
  /** @default - a free one */
  readonly port?: number | undefined;
  /** What a configuration file holds. @default - the built-in one */
  readonly configuration?: unknown;
  /** A DynamoDB that runs already and stays when the service stops. @default - an engine of its own */
  readonly dynamoDbEndpoint?: string | undefined;
  readonly tableName?: string | undefined;
  readonly log?: ((service: string) => Log) | undefined;
}

export interface LocalService {
  readonly url: string;
  readonly dynamoDbEndpoint: string;
  readonly config: LocalConfig;
  readonly stop: () => Promise<void>;
}

interface Parts {
  readonly config: LocalConfig;
  readonly endpoint: string;
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly clock: Clock;
  readonly simulator: Simulator;
  readonly log: (service: string) => Log;
}

/** The simulated WhatsApp learns of every webhook the service takes, also of those that somebody else signed. */
const observed =
  ({ observe }: Simulator, handler: HttpHandler): HttpHandler =>
  async (event) => {
    const response = await handler(event);
    const account = event.pathParameters?.['account'];
    if (response.statusCode === 200 && account !== undefined) observe(account, rawBody(event));
    return response;
  };

const optionsOf = (parts: Parts, service: HttpFunction | 'change-stream' | 'window-sweep') => ({
  config: withoutSecrets(parts.config),
  tableName: parts.tableName,
  dynamo: parts.client,
  secrets: secretsOf(parts.config),
  now: parts.clock.now,
  log: parts.log(service),
});

const USAGE_ROUTE: RouteKey = 'GET /v1/channels/{channel}/usage';

/** Usage is counted from the stream: on a laptop nobody needs to wait for it. */
const upToDate =
  (events: LocalEvents, handler: HttpHandler): HttpHandler =>
  async (event) => {
    if (event.routeKey === USAGE_ROUTE) await events.upToDate();
    return handler(event);
  };

/** The same handlers that are deployed, on the local table, clock and secrets. */
const createHandlers = (parts: Parts, events: LocalEvents) => {
  const options = (service: HttpFunction | 'window-sweep') => optionsOf(parts, service);
  const { onRequest, onSchedule } = createTemplateSync(options('template-sync'));
  const handlers: Readonly<Record<HttpFunction, HttpHandler>> = {
    'inbound-webhook': observed(
      parts.simulator,
      createInboundWebhook(createWebhookRuntime(options('inbound-webhook'))),
    ),
    'outbound-send': createOutboundSend(createSendRuntime(options('outbound-send'))),
    'sessions-api': upToDate(events, createSessionsApi(createCoreRuntime(options('sessions-api'), createApiStore))),
    'template-sync': onRequest,
  };
  const sweepAt = (at: Date) =>
    createWindowSweep(createCoreRuntime({ ...options('window-sweep'), now: () => at }, createSweepStore))();
  return { handlers, syncTemplates: onSchedule, sweepAt };
};

/** Reads every account's templates once; a failure is logged by the sync itself and stops nothing. */
const createFirstSync = (syncTemplates: () => Promise<void>, { simulator }: Parts) => {
  let isTried = false;
  return {
    isTried: () => isTried,
    run: async () => {
      await syncTemplates().catch(() => undefined);
      simulator.calls.clear();
      isTried = true;
    },
  };
};

/** The endpoints hear the true time, which they verify against, wherever the service's clock stands. */
const createDeliveries = ({ config, log }: Parts) =>
  createLocalDeliveries({
    config: withoutSecrets(config),
    secretsOf: signingSecretsOf(config),
    now: systemClock,
    random: Math.random,
    log: log('event-delivery'),
  });

/** The change-stream handler, fed from the local table's stream, and what it has published. */
const startEvents = async (parts: Parts) => {
  const deliveries = createDeliveries(parts);
  const { bus, list, clear } = createLocalBus(deliveries.take);
  const handler = createChangeStream({ ...optionsOf(parts, 'change-stream'), bus });
  const stream = await startTableStream(parts.endpoint, parts.tableName, handler);
  const upToDate = async () => {
    await stream?.drain();
  };
  const stop = async () => {
    await stream?.stop();
    await deliveries.stop();
  };
  return { hasStream: stream !== undefined, list, clear, upToDate, stop };
};
type LocalEvents = Awaited<ReturnType<typeof startEvents>>;

const createService = (parts: Parts, events: LocalEvents) => {
  const { clock, simulator, client, tableName } = parts;
  const { handlers, syncTemplates, sweepAt } = createHandlers(parts, events);
  const firstSync = createFirstSync(() => syncTemplates({}), parts);
  const isReady = async () => firstSync.isTried() && (await isTableStanding(client, tableName));
  const table = { documents: toDocumentClient(client), tableName };
  const channels = parts.config.channels.map(({ id }) => id);
  const sweep = createLocalSweep({ table, channels, now: clock.now, sweepAt });
  const sweepAndTell = async () => {
    await sweep();
    await events.upToDate();
  };
  const front = createFront({
    routes: [
      ...ROUTES.map((route) => ({ ...route, handler: handlers[route.function] })),
      ...controlRoutes({ clock, simulator, events, isReady, sweep: sweepAndTell }),
    ],
    fallback: handlers['sessions-api'],
    now: clock.now,
  });
  return { front, firstSync };
};

/** Things to end, last started first; ending them twice is harmless. */
const createEndings = () => {
  const endings: (() => unknown)[] = [];
  return {
    add: (ending: () => unknown) => void endings.push(ending),
    run: async () => {
      for (let end = endings.pop(); end !== undefined; end = endings.pop()) await end();
    },
  };
};
type Endings = ReturnType<typeof createEndings>;

const connect = async ({ dynamoDbEndpoint, tableName = 'sessions' }: LocalServiceOptions, endings: Endings) => {
  const engine = dynamoDbEndpoint === undefined ? await startDynamoDb() : undefined;
  if (engine !== undefined) endings.add(engine.stop);
  const endpoint = engine?.endpoint ?? dynamoDbEndpoint ?? '';
  const client = createDynamoClient({ ...LOCAL_ENGINE, endpoint });
  endings.add(() => client.destroy());
  await ensureSessionsTable(client, tableName).catch((cause: unknown) => {
    throw new StartError(`No DynamoDB answers at ${endpoint}`, { cause });
  });
  return { endpoint, client, tableName };
};

const start = async (options: LocalServiceOptions, endings: Endings): Promise<LocalService> => {
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const ports = { meta: await freePort(), sinch: await freePort() };
  const origins = { meta: `http://127.0.0.1:${ports.meta}`, sinch: `http://127.0.0.1:${ports.sinch}` };
  const config = toLocalConfig(options.configuration ?? BUILT_IN, origins);
  const { endpoint, client, tableName } = await connect(options, endings);
  const clock = createClock();
  const simulator = await startSimulator({ config, ports, serviceUrl: url, now: clock.now });
  endings.add(simulator.stop);
  const parts = { config, endpoint, client, tableName, clock, simulator, log: options.log ?? createLog };
  const events = await startEvents(parts);
  endings.add(events.stop);
  const { front, firstSync } = createService(parts, events);
  await listen(front, port);
  endings.add(() => close(front));
  await firstSync.run();
  return { url, dynamoDbEndpoint: endpoint, config, stop: endings.run };
};

/** How often a start chooses other ports when somebody takes one of them between its choice and its use. */
const STARTS = 5;

const isPortTaken = (error: unknown, chosen: number | undefined): boolean =>
  error instanceof Error &&
  'code' in error &&
  error.code === 'EADDRINUSE' &&
  !('port' in error && error.port === chosen);

/** Starts the whole service on this machine: DynamoDB Local, the simulated providers and the same handlers behind HTTP. */
export const startLocalService = async (options: LocalServiceOptions = {}): Promise<LocalService> => {
  for (let starts = 1; ; starts += 1) {
    const endings = createEndings();
    try {
      return await start(options, endings);
    } catch (error) {
      await endings.run();
      if (starts === STARTS || !isPortTaken(error, options.port)) throw error;
    }
  }
};
