import { systemClock } from '../shared/runtime/clock.ts';
import { readConfigFile } from '../shared/runtime/config-file.ts';
import { createLog } from '../shared/runtime/log.ts';
import { createStoreRuntime } from '../shared/runtime/store-runtime.ts';
import { createDynamoClient } from '../shared/store/dynamo/client.ts';
import { WindowSweepEnv } from './env.ts';
import { createWindowSweep } from './window-sweep.ts';

const env = WindowSweepEnv.parse(process.env);

export const handler = createWindowSweep(
  createStoreRuntime({
    config: readConfigFile(env.CONFIG_FILE),
    tableName: env.TABLE_NAME,
    dynamo: createDynamoClient(),
    now: systemClock,
    log: createLog('window-sweep'),
  }),
);
