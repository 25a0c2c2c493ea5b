import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LocalConfig } from '../../functions/shared/domain/config.ts';
import type { Log } from '../../functions/shared/runtime/log.ts';
import type { Clock } from './clock.ts';
import { secretsOf, withoutSecrets } from './local-config.ts';
import type { Simulator } from './simulator/simulator.ts';

/** What the handlers of a local run share. */
export interface LocalParts {
  readonly config: LocalConfig;
  readonly endpoint: string;
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly clock: Clock;
  readonly simulator: Simulator;
  readonly log: (service: string) => Log;
}

/** The options of a handler, as its Lambda reads them from the environment. */
export const handlerOptions = ({ config, tableName, client, clock, log }: LocalParts, service: string) => ({
  config: withoutSecrets(config),
  tableName,
  dynamo: client,
  secrets: secretsOf(config),
  now: clock.now,
  log: log(service),
});
