import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProviderName } from '../../../infra/local/simulator/vendor.ts';
import type { Assembly } from '../assembly/assembly.ts';
import type { Functions } from '../lambda/functions.ts';
import { createAwsFront } from './aws-front.ts';
import { createCredentials } from './credentials.ts';
import { createDynamoDb } from './dynamodb.ts';
import { createEventBus } from './event-bus.ts';
import { createLambdaInvoke } from './lambda-invoke.ts';
import { createLedger } from './ledger.ts';
import { createQueues } from './queues.ts';
import { createS3 } from './s3.ts';
import { createSecretsManager } from './secrets-manager.ts';
import { createSocialMessaging, type EventDestinations } from './social-messaging.ts';
import { createSqs } from './sqs.ts';
import { createSts } from './sts.ts';
import { createTopics } from './topics.ts';

interface AwsOptions {
  readonly assembly: Assembly;
  readonly port: number;
  readonly dynamoDbEndpoint: string;
  readonly ports: ReadonlyMap<ProviderName, number>;
  readonly report: (fault: string) => void;
  /** The functions, which start after AWS does. */
  readonly functions: () => Functions;
}

/** The services of AWS that the functions call, with the resources and the policies of a template. */
export const createAws = async ({ assembly, port, dynamoDbEndpoint, ports, report, functions }: AwsOptions) => {
  let elapsedMs = 0;
  const ledger = createLedger(assembly);
  const credentials = createCredentials();
  const now = (): number => Date.now() + elapsedMs;
  const queues = createQueues(assembly, now);
  const bus = createEventBus({ assembly, queues, ledger });
  const secrets = createSecretsManager(assembly);
  const eventDestinations: EventDestinations = new Map();
  const s3 = createS3({ ledger, credentials });
  const front = createAwsFront({
    port,
    credentials,
    ledger,
    report,
    serveLink: s3.serveLink,
    services: {
      dynamodb: createDynamoDb(dynamoDbEndpoint),
      events: bus.service,
      lambda: createLambdaInvoke(functions),
      s3: s3.service,
      secretsmanager: secrets.service,
      'social-messaging': createSocialMessaging(ports.get('aws-social') ?? 0, eventDestinations),
      sqs: createSqs(queues),
      sts: createSts(credentials, ledger),
    },
  });
  await front.start();
  return {
    handler: (request: IncomingMessage, response: ServerResponse) =>
      void front.server.emit('request', request, response),
    ledger,
    credentials,
    queues,
    bus,
    secrets,
    s3,
    eventDestinations,
    topics: createTopics({ assembly, queues, ledger }),
    now,
    elapse: (seconds: number) => {
      elapsedMs += seconds * 1000;
    },
    stop: front.stop,
  };
};
