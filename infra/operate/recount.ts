import { Month, monthOf } from '../../functions/shared/domain/usage.ts';
import { createDynamoClient, type Table, toDocumentClient } from '../../functions/shared/store/dynamo/client.ts';
import { recountMembers } from '../../functions/shared/store/usage/recount.ts';
import { DEPLOYMENT } from '../../functions/shared/store/usage/usage-keys.ts';
import { readStage } from '../config.ts';
import { localClient } from '../local/dynamodb-local.ts';
import { BUILT_IN, readConfiguration, toLocalConfig } from '../local/local-config.ts';
import { OperatorError, readOptions, runCommand } from './command.ts';
import { readDeployment } from './deployment.ts';

interface Counted {
  readonly table: Table;
  readonly channels: readonly string[];
}

const NOWHERE = { meta: 'http://127.0.0.1', sinch: 'http://127.0.0.1' };

/** The table of a local run, on the endpoint that it prints at its start. */
const local = (endpoint: string, configFile: string | undefined): Counted => {
  const { channels } = toLocalConfig(configFile === undefined ? BUILT_IN : readConfiguration(configFile), NOWHERE);
  return {
    table: { documents: toDocumentClient(localClient(endpoint)), tableName: 'sessions' },
    channels: channels.map(({ id }) => id),
  };
};

const deployed = (asked: string | undefined): Counted => {
  const { stage, outputs } = readDeployment(asked);
  const client = createDynamoClient({ region: outputs.Region });
  return {
    table: { documents: toDocumentClient(client), tableName: outputs.TableName },
    channels: readStage(stage).whatsapp.channels.map(({ id }) => id),
  };
};

const monthIn = (asked: string | undefined): string => {
  if (asked === undefined) return monthOf(Date.now());
  if (!Month.test(asked)) throw new OperatorError(`--month: "${asked}" is no calendar month such as 2026-11`);
  return asked;
};

runCommand(async () => {
  const options = readOptions(process.argv.slice(2), 'stage', 'month');
  const month = monthIn(options.month);
  const endpoint = process.env['AWS_ENDPOINT_URL_DYNAMODB'];
  const { table, channels } = endpoint ? local(endpoint, process.env['CAREWINDOW_CONFIG']) : deployed(options.stage);
  for (const channel of [...channels, DEPLOYMENT]) {
    const { counted, members, wrong } = await recountMembers(table, { channel, month });
    const name = channel === DEPLOYMENT ? 'all channels together' : channel;
    console.log(`${month} ${name}: ${counted} counted, ${members} members, ${wrong} counters differ`);
    if (wrong > 0) process.exitCode = 1;
  }
});
