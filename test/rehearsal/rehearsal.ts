import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import * as z from 'zod';
import { freePort } from '../../infra/local/dynamodb-local.ts';
import { close, listen } from '../../infra/local/http-front.ts';
import { createShardCursors } from '../../infra/local/shard-cursors.ts';
import { QUEUE_PATH } from '../../infra/local/simulator/aws-social/event.ts';
import { startSimulator } from '../../infra/local/simulator/simulator.ts';
import { createStreamReader } from '../../infra/operate/stream-reader.ts';
import { LOCAL_ENGINE, localClient } from '../../infra/shared/local-engine.ts';
import { type Assembly, deploy, type Synthesized } from './assembly/assembly.ts';
import { PLACE } from './assembly/intrinsics.ts';
import { createAws } from './aws/aws.ts';
import { ensureTable } from './aws/dynamodb.ts';
import { createCallers } from './callers.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { ANSWERS_HOST, createCustomResources } from './lambda/custom-resources.ts';
import { createFunctions, type Functions } from './lambda/functions.ts';
import { createEventSources } from './lambda/mappings.ts';
import { createSchedules } from './lambda/schedules.ts';
import { createEndpoints } from './network/endpoints.ts';
import { openInternet } from './network/internet.ts';
import { createProviderHosts } from './network/provider-hosts.ts';
import { choosePorts, endpointSecrets, fillSecrets, readBundledConfig } from './providers.ts';
import { createLogWatch } from './watch/logs.ts';
import { createQueueAlarms } from './watch/queue-alarms.ts';

export interface RehearsalOptions {
  readonly synthesized: Synthesized;
  /** The program that takes invocations from the runtime API, and its arguments. */
  readonly runtime: readonly string[];
  readonly dynamoDbEndpoint: string;
}

/** Runs the stops in reverse order of their start, each once. */
const createStops = () => {
  const stops: (() => unknown)[] = [];
  return {
    add: (stop: () => unknown) => void stops.push(stop),
    run: async () => {
      for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop();
    },
  };
};

/** A table of the template in DynamoDB Local, and its stream. */
const openTable = async (assembly: Assembly, endpoint: string) => {
  const client = localClient(endpoint);
  const tableName = await ensureTable(assembly, client);
  const streams = new DynamoDBStreamsClient({ ...LOCAL_ENGINE, endpoint });
  const reader = createStreamReader(streams);
  const streamArn = await reader.streamOf(tableName);
  if (streamArn === undefined) throw new Error('DynamoDB Local has no stream of the table');
  const cursors = await createShardCursors(reader, streamArn);
  return {
    cursors,
    stop: () => {
      client.destroy();
      streams.destroy();
    },
  };
};

/** Hands the simulator's webhooks to the API, and its events of AWS End User Messaging Social to the topic. */
const startWebhookFront = async (gateway: Gateway, publish: (service: string, body: string) => void) => {
  const server = createServer((request, response) => {
    if (request.url !== `/_local/${QUEUE_PATH}`) return void gateway.server.emit('request', request, response);
    text(request).then(
      (body) => {
        publish('social-messaging.amazonaws.com', body);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      },
      () => response.destroy(),
    );
  });
  const port = await freePort();
  await listen(server, port);
  return { url: `http://127.0.0.1:${port}`, stop: () => close(server) };
};

/** Runs a stack from `cdk.out` on this machine; nothing of it comes from the source. */
export const startRehearsal = async ({ synthesized, runtime, dynamoDbEndpoint }: RehearsalOptions) => {
  const stops = createStops();
  const faults: string[] = [];
  const report = (fault: string) => void faults.push(fault);
  const awsPort = await freePort();
  const awsUrl = `http://127.0.0.1:${awsPort}`;
  const assembly = deploy(synthesized, awsUrl);
  let functions: Functions | undefined;
  const table = await openTable(assembly, dynamoDbEndpoint);
  stops.add(table.stop);
  const ports = await choosePorts();
  const started = () => z.custom<Functions>((value) => value !== undefined).parse(functions);
  const aws = await createAws({
    assembly,
    port: awsPort,
    dynamoDbEndpoint,
    ports,
    report,
    functions: started,
  });
  stops.add(aws.stop);
  const config = readBundledConfig(assembly, aws.credentials.secretAccessKey);
  await fillSecrets(config, aws.secrets.store);
  const endpoints = createEndpoints({ secrets: await endpointSecrets(config), report });
  const customResources = createCustomResources(assembly, started);
  const internet = await openInternet({
    folder: synthesized.folder,
    report,
    hosts: {
      ...createProviderHosts(ports, report),
      [ANSWERS_HOST]: customResources.handler,
      ...Object.fromEntries(endpoints.hosts.map((host) => [host, endpoints.handler])),
      ...Object.fromEntries(
        ['lambda', 'social-messaging'].map((service) => [`${service}.${PLACE.region}.amazonaws.com`, aws.handler]),
      ),
    },
  });
  stops.add(internet.stop);
  const logs = createLogWatch(assembly);
  const { credentials, ledger, queues } = aws;
  functions = createFunctions({
    assembly,
    credentials,
    ledger,
    runtime,
    network: { ...internet.environment, AWS_ENDPOINT_URL: awsUrl },
    onLine: logs.take,
  });
  stops.add(functions.stop);
  const sources = createEventSources({ assembly, functions, queues, ledger, now: aws.now }, table.cursors);
  const gateway = createGateway({ assembly, functions, report });
  const front = await startWebhookFront(gateway, aws.topics.publish);
  stops.add(front.stop);
  const simulator = await startSimulator({ config, ports, serviceUrl: front.url, now: () => new Date() });
  stops.add(simulator.stop);
  return {
    ...createCallers(gateway, front.url),
    url: front.url,
    simulator,
    endpoints,
    events: aws.bus.events,
    objects: aws.s3.keys,
    customResource: customResources.request,
    eventDestinations: aws.eventDestinations,
    refuseEvents: aws.bus.refuse,
    /** The sequence numbers of each batch of the stream that the function got. */
    batches: sources.stream.attempts,
    alarmOf: createQueueAlarms(assembly, queues),
    /** The bodies of the messages in a queue, found by the start of its logical id. */
    deadLetters: (prefix: string): readonly string[] =>
      assembly
        .ofType('AWS::SQS::Queue')
        .filter(({ id }) => id.startsWith(prefix))
        .flatMap(({ id }) => queues.byUrl(assembly.identity(id).ref).bodies()),
    ledger,
    logs,
    faults,
    /** Lets time pass for queues and the stream: postponed messages become visible, records grow old. */
    elapse: aws.elapse,
    runSchedule: createSchedules(assembly, functions),
    /** Passes on what waits in the stream and the queues, until nothing does. */
    settle: async (): Promise<void> => {
      for (let moved = 1; moved > 0; ) {
        moved = 0;
        for (const source of [sources.stream, ...sources.queues]) moved += await source.pump();
      }
    },
    stop: stops.run,
  };
};
export type Rehearsal = Awaited<ReturnType<typeof startRehearsal>>;
