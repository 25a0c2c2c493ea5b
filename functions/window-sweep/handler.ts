import { systemClock } from '../shared/runtime/clock.ts';
import { readConfigFile } from '../shared/runtime/config-file.ts';
import { createCoreRuntime } from '../shared/runtime/core-runtime.ts';
import { createLambda } from '../shared/runtime/lambda.ts';
import { createDynamoClient } from '../shared/store/dynamo/client.ts';
import { WindowSweepEnv } from './env.ts';
import { createStore } from './store.ts';
import { createWindowSweep } from './window-sweep.ts';

export const handler = createLambda('window-sweep', WindowSweepEnv, (env, log) =>
  createWindowSweep(
    createCoreRuntime(
      {
        config: readConfigFile(env.CONFIG_FILE),
        tableName: env.TABLE_NAME,
        dynamo: createDynamoClient(),
        now: systemClock,
        log,
      },
      createStore,
    ),
  ),
);
