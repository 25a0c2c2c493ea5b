import type { LocalConfig } from '../../functions/shared/domain/config.ts';
import type { HttpHandler } from '../../functions/shared/http/handler.ts';
import { CATCH_ALLS, type HttpFunction, isPublic, OAUTH_ROOT, ROUTES } from '../../functions/shared/http/routes.ts';
import { createLog, type Log } from '../../functions/shared/runtime/log.ts';
import { createDynamoClient, toDocumentClient } from '../../functions/shared/store/dynamo/client.ts';
import { BUILT_IN, type Configuration, StartError } from '../shared/local-configuration.ts';
import { LOCAL_ENGINE } from '../shared/local-engine.ts';
import { createClock } from './clock.ts';
import { controlRoutes } from './control/control-routes.ts';
import { ensureSessionsTable, freePort, isTableActive, startDynamoDb } from './dynamodb-local.ts';
import { createHandlers } from './handlers.ts';
import { close } from './http-front.ts';
import { createLocalInboundQueue } from './inbound-queue.ts';
import { toLocalConfig } from './local-config.ts';
import { localConsole } from './local-console.ts';
import { type LocalEvents, startLocalEvents } from './local-events.ts';
import { type LocalMedia, startLocalMedia } from './local-media.ts';
import type { LocalParts } from './local-parts.ts';
import { createLocalSweep } from './local-sweep.ts';
import { createNextEvent } from './next-event.ts';
import { createJwtAuthorizer } from './oauth/jwt-authorizer.ts';
import { createSignIn } from './oauth/sign-in.ts';
import { createTokenIssuer, type TokenIssuer } from './oauth/token-issuer.ts';
import { issuerUrlAt } from './oauth/token-paths.ts';
import { tokenRoutes } from './oauth/token-routes.ts';
import { openFront } from './open-front.ts';
import { startSimulator } from './simulator/simulator.ts';
import type { ProviderName } from './simulator/vendor.ts';
import { PROVIDERS } from './simulator/vendors.ts';
import { type Running, startMessage } from './start-message.ts';
import { createLocalState } from './state/local-state.ts';

export interface LocalServiceOptions {
  /** @default - a free one */
  readonly port?: number | undefined;
  /** The content of a configuration file. @default - the built-in one */
  readonly configuration?: unknown;
  /** Where the parts of the configuration are written. */
  readonly placeOf?: Configuration['placeOf'] | undefined;
  /** A DynamoDB that already runs, and keeps running when the service stops. @default - DynamoDB Local in memory */
  readonly dynamoDbEndpoint?: string | undefined;
  readonly tableName?: string | undefined;
  readonly log?: ((service: string) => Log) | undefined;
  /** Gets a sentence on each step of the start that takes time. @default - none is written */
  readonly report?: ((sentence: string) => void) | undefined;
}

export interface LocalService {
  readonly url: string;
  /** The origin of each simulated provider. */
  readonly providers: Readonly<Record<string, string>>;
  readonly dynamoDbEndpoint: string;
  readonly config: LocalConfig;
  readonly stop: () => Promise<void>;
}

type Stop = () => unknown;

/** Runs the stops in reverse order of their start, each once. */
const stopAll = async (stops: Stop[]): Promise<void> => {
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop();
};

const originAt = (port: number): string => `http://127.0.0.1:${port}`;

const chooseProviderPorts = async (): Promise<ReadonlyMap<ProviderName, number>> => {
  const ports = new Map<ProviderName, number>();
  for (const provider of PROVIDERS) ports.set(provider, await freePort());
  return ports;
};

/** Connects to the given DynamoDB, or to one that it starts, and creates the table if there is none. */
const openTable = async (options: LocalServiceOptions, stops: Stop[]) => {
  const { dynamoDbEndpoint, tableName = 'sessions', report } = options;
  report?.(
    `Waiting for ${dynamoDbEndpoint === undefined ? 'DynamoDB Local to start' : `DynamoDB at ${dynamoDbEndpoint}`} …`,
  );
  const engine = dynamoDbEndpoint === undefined ? await startDynamoDb() : undefined;
  if (engine !== undefined) stops.push(engine.stop);
  const endpoint = engine?.endpoint ?? dynamoDbEndpoint ?? '';
  const client = createDynamoClient({ ...LOCAL_ENGINE, endpoint });
  stops.push(() => client.destroy());
  await ensureSessionsTable(client, tableName).catch((cause: unknown) => {
    throw new StartError(`No DynamoDB answers at ${endpoint}`, { cause });
  });
  return { endpoint, client, tableName };
};

/** The routes of the deployed handlers; those of callers a second time, with an access token. */
const deployedRoutes = (handlers: Readonly<Record<HttpFunction, HttpHandler>>, issuer: TokenIssuer) => {
  const authorized = createJwtAuthorizer(issuer);
  return [...ROUTES, ...CATCH_ALLS].flatMap((route) => {
    const { path, function: name } = route;
    const handler = handlers[name];
    const own = { ...route, handler };
    return isPublic(route) ? [own] : [own, { ...route, path: `${OAUTH_ROOT}${path}`, handler: authorized(handler) }];
  });
};

/** The routes of the deployed handlers and of the local control, and the first template sync. */
const createService = (
  parts: LocalParts,
  { events, media }: { readonly events: LocalEvents; readonly media: LocalMedia },
  running: Running,
) => {
  const { config, client, tableName, clock, simulator } = parts;
  const { handlers, syncTemplates, sweepAt } = createHandlers(parts, events, media);
  const inboundQueue = createLocalInboundQueue(parts);
  const table = { documents: toDocumentClient(client), tableName };
  const sweep = createLocalSweep({ table, channels: config.channels.map(({ id }) => id), now: clock.now, sweepAt });
  const issuer = createTokenIssuer(issuerUrlAt(running.url));
  let isSyncTried = false;
  const control = controlRoutes({
    config,
    url: running.url,
    clock,
    simulator,
    events: inboundQueue.redrivenWith(events),
    state: createLocalState({ parts, events, media }),
    findNext: createNextEvent({ table, channels: config.channels, held: simulator.faults.held }),
    isReady: async () => isSyncTried && (await isTableActive(client, tableName)),
    sweep: () => sweep().then(events.drain),
  });
  const page = localConsole({ url: running.url, fileOrigin: media.origin, introduction: startMessage(running) });
  /** Reads every account's templates once. A failure is logged by the sync itself and does not stop the start. */
  const syncFirst = async () => {
    await syncTemplates().catch(() => undefined);
    simulator.wire.clear();
    isSyncTried = true;
  };
  const routes = [
    ...deployedRoutes(handlers, issuer),
    ...control,
    ...page,
    ...tokenRoutes(issuer, createSignIn(running.url)),
    inboundQueue.route,
  ];
  return { routes, fallback: handlers['sessions-api'], syncFirst, stopQueue: inboundQueue.stop };
};

const start = async (options: LocalServiceOptions, stops: Stop[]): Promise<LocalService> => {
  const port = options.port ?? (await freePort());
  const url = originAt(port);
  const ports = await chooseProviderPorts();
  const providers = Object.fromEntries([...ports].map(([provider, chosen]) => [provider, originAt(chosen)]));
  const config = toLocalConfig(options.configuration ?? BUILT_IN, providers, options.placeOf);
  const clock = createClock();
  const front = await openFront(port, clock.now);
  const closeFront = () => close(front.server);
  stops.push(closeFront);
  const { endpoint, client, tableName } = await openTable(options, stops);
  const simulator = await startSimulator({ config, ports, serviceUrl: url, now: clock.now });
  stops.push(simulator.stop);
  const log = options.log ?? ((service: string) => createLog(service, 'local'));
  const parts = { config, endpoint, client, tableName, clock, simulator, log };
  const media = await startLocalMedia(parts);
  stops.push(media.stop);
  const events = await startLocalEvents(parts, media);
  stops.push(events.stop);
  const running = { url, providers, dynamoDbEndpoint: endpoint, config };
  const { syncFirst, stopQueue, ...routes } = createService(parts, { events, media }, running);
  stops.push(stopQueue);
  front.serve(routes);
  // Closed first, so that no request meets a stopped table.
  stops.push(closeFront);
  options.report?.('Reading the templates of the providers …');
  await syncFirst();
  return { ...running, stop: () => stopAll(stops) };
};

/** Starts before giving up when another process takes a chosen port before it is used. */
const MAX_STARTS = 5;

const isPortTaken = (error: unknown, given: number | undefined): boolean =>
  error instanceof Error &&
  'code' in error &&
  error.code === 'EADDRINUSE' &&
  !('port' in error && error.port === given);

/** Starts the whole service on this machine: DynamoDB Local, the simulated providers and the deployed handlers. */
export const startLocalService = async (options: LocalServiceOptions = {}): Promise<LocalService> => {
  for (let starts = 1; ; starts += 1) {
    const stops: Stop[] = [];
    try {
      return await start(options, stops);
    } catch (error) {
      await stopAll(stops);
      if (starts === MAX_STARTS || !isPortTaken(error, options.port)) throw error;
    }
  }
};
