import { readConfiguration, StartError } from '../shared/local-configuration.ts';
import { createLocalLog, isLogLevel, LOG_LEVELS } from './local-log.ts';
import { startLocalService } from './service.ts';
import { startMessage } from './start-message.ts';

/** An empty variable counts as unset. */
const variable = (name: string): string | undefined => process.env[name] || undefined;

const port = variable('PORT') ?? '8080';
const logLevel = (variable('LOG_LEVEL') ?? 'error').toLowerCase();
const configFile = variable('CAREWINDOW_CONFIG');

const isPort = (text: string): boolean => /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const explain = (error: unknown): string => {
  if (error instanceof StartError) return error.message;
  if (hasCode(error, 'EADDRINUSE')) return `Port ${port} is taken: choose another one, as in PORT=8081 npm start`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};

const exitWith = (sentence: string): never => {
  console.error(sentence);
  process.exit(1);
};

// The process's exit stops DynamoDB Local too.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => process.exit(0));

const print = (sentence: string): void => console.log(sentence);

const run = async (): Promise<void> => {
  const file = configFile === undefined ? undefined : readConfiguration(configFile);
  const dynamoDbEndpoint = variable('AWS_ENDPOINT_URL_DYNAMODB');
  if (!isLogLevel(logLevel)) throw new StartError(`LOG_LEVEL: "${logLevel}" is not one of ${LOG_LEVELS.join(', ')}`);
  const log = createLocalLog(logLevel);
  const service = await startLocalService({
    port: Number(port),
    configuration: file?.value,
    placeOf: file?.placeOf,
    dynamoDbEndpoint,
    log,
    report: print,
  });
  console.log(startMessage(service));
};

if (!isPort(port)) exitWith(`PORT: "${port}" is no port: give a number from 1 to 65535`);
run().catch((error: unknown) => exitWith(explain(error)));
