import { Month, monthOf } from '../../functions/shared/domain/usage.ts';
import { createDynamoClient, type Table, toDocumentClient } from '../../functions/shared/store/dynamo/client.ts';
import { recountMembers } from '../../functions/shared/store/usage/recount.ts';
import { DEPLOYMENT } from '../../functions/shared/store/usage/usage-keys.ts';
import { readStage } from '../config.ts';
import { BUILT_IN, parseConfiguration, readConfiguration } from '../shared/local-configuration.ts';
import { localClient } from '../shared/local-engine.ts';
import { OperatorError, offerHelp, readOptions, runCommand } from './command.ts';
import { readDeployment } from './deployment.ts';

interface Target {
  /** Where it is, for the operator. */
  readonly name: string;
  readonly table: Table;
  readonly channels: readonly string[];
}

/** The table of a local run at the endpoint that it prints when it starts. */
const localTarget = (endpoint: string, configFile: string | undefined): Target => {
  const file = configFile === undefined ? undefined : readConfiguration(configFile);
  const { channels } = parseConfiguration(file?.value ?? BUILT_IN, file?.placeOf);
  return {
    name: `the local run at ${endpoint}`,
    table: { documents: toDocumentClient(localClient(endpoint)), tableName: 'sessions' },
    channels: channels.map(({ id }) => id),
  };
};

const deployedTarget = async (requestedStage: string | undefined): Promise<Target> => {
  const { stage, outputs } = await readDeployment(requestedStage);
  const client = createDynamoClient({ region: outputs.Region });
  return {
    name: `stage ${stage} in ${outputs.Region}`,
    table: { documents: toDocumentClient(client), tableName: outputs.TableName },
    channels: readStage(stage).whatsapp.channels.map(({ id }) => id),
  };
};

const parseMonth = (option: string | undefined): string => {
  if (option === undefined) return monthOf(Date.now());
  if (!Month.test(option)) throw new OperatorError(`--month: "${option}" is not a calendar month such as 2026-11`);
  return option;
};

const HELP = `npm run recount -- [--stage <stage>] [--month <yyyy-mm>]

Counts the monthly active users one by one and compares them with the counters. Changes nothing.

  --stage   a stage of infra/config.ts; needed where it has several
  --month   a calendar month, UTC; the current one by default

For a local run, set AWS_ENDPOINT_URL_DYNAMODB to the address that npm start prints for its table, and
CAREWINDOW_CONFIG if the run has one.`;

/** A local run has no stage: a stage given with it would be ignored, and another table read than the operator expects. */
const targetOf = async (stage: string | undefined): Promise<Target> => {
  const endpoint = process.env['AWS_ENDPOINT_URL_DYNAMODB'];
  if (!endpoint) return deployedTarget(stage);
  if (stage !== undefined)
    throw new OperatorError(
      'AWS_ENDPOINT_URL_DYNAMODB names a local run, which has no stage: unset it, or leave --stage out',
    );
  return localTarget(endpoint, process.env['CAREWINDOW_CONFIG']);
};

runCommand(async () => {
  const args = process.argv.slice(2);
  offerHelp(args, HELP);
  const options = readOptions(args, 'stage', 'month');
  const month = parseMonth(options.month);
  const { name: target, table, channels } = await targetOf(options.stage);
  console.log(`Recount of ${target}`);
  for (const channel of [...channels, DEPLOYMENT]) {
    const { counted, members, wrong } = await recountMembers(table, { channel, month });
    const name = channel === DEPLOYMENT ? 'all channels together' : channel;
    console.log(`${month} ${name}: ${counted} counted, ${members} members, ${wrong} counters differ`);
    if (wrong > 0) process.exitCode = 1;
  }
});
