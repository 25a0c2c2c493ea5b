import { Month, monthOf } from '../../functions/shared/domain/usage.ts';
import { createDynamoClient, type Table, toDocumentClient } from '../../functions/shared/store/dynamo/client.ts';
import { recountMembers } from '../../functions/shared/store/usage/recount.ts';
import { DEPLOYMENT } from '../../functions/shared/store/usage/usage-keys.ts';
import { readStage } from '../config.ts';
import { BUILT_IN, parseConfiguration, readConfiguration } from '../shared/local-configuration.ts';
import { localClient } from '../shared/local-engine.ts';
import { OperatorError, readOptions, runCommand } from './command.ts';
import { readDeployment } from './deployment.ts';

interface Target {
  readonly table: Table;
  readonly channels: readonly string[];
}

/** The table of a local run at the endpoint that it prints when it starts. */
const localTarget = (endpoint: string, configFile: string | undefined): Target => {
  const { channels } = parseConfiguration(configFile === undefined ? BUILT_IN : readConfiguration(configFile));
  return {
    table: { documents: toDocumentClient(localClient(endpoint)), tableName: 'sessions' },
    channels: channels.map(({ id }) => id),
  };
};

const deployedTarget = (requestedStage: string | undefined): Target => {
  const { stage, outputs } = readDeployment(requestedStage);
  const client = createDynamoClient({ region: outputs.Region });
  return {
    table: { documents: toDocumentClient(client), tableName: outputs.TableName },
    channels: readStage(stage).whatsapp.channels.map(({ id }) => id),
  };
};

const parseMonth = (option: string | undefined): string => {
  if (option === undefined) return monthOf(Date.now());
  if (!Month.test(option)) throw new OperatorError(`--month: "${option}" is not a calendar month such as 2026-11`);
  return option;
};

runCommand(async () => {
  const options = readOptions(process.argv.slice(2), 'stage', 'month');
  const month = parseMonth(options.month);
  const endpoint = process.env['AWS_ENDPOINT_URL_DYNAMODB'];
  const { table, channels } = endpoint
    ? localTarget(endpoint, process.env['CAREWINDOW_CONFIG'])
    : deployedTarget(options.stage);
  for (const channel of [...channels, DEPLOYMENT]) {
    const { counted, members, wrong } = await recountMembers(table, { channel, month });
    const name = channel === DEPLOYMENT ? 'all channels together' : channel;
    console.log(`${month} ${name}: ${counted} counted, ${members} members, ${wrong} counters differ`);
    if (wrong > 0) process.exitCode = 1;
  }
});
