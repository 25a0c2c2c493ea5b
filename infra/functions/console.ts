import { Duration, type Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConsoleEnv, PAGE_ASSET } from '../../functions/console/env.ts';
import type { Stage } from '../config.ts';
import type { SignIn } from '../console-config.ts';
import { consoleOrigins } from '../constructs/console-origins.ts';
import { fileInBundle } from '../constructs/function-code.ts';
import type { MediaFiles } from '../constructs/media-files.ts';
import type { ServiceApi } from '../constructs/service-api.ts';
import { type FunctionDefaults, ServiceFunction } from '../constructs/service-function.ts';
import { addConsoleOutput } from '../constructs/stack-outputs.ts';

interface ConsoleProps extends FunctionDefaults {
  readonly signIn: SignIn;
  readonly files: MediaFiles;
  readonly console: NonNullable<Stage['console']>;
}

interface AddConsoleProps extends FunctionDefaults {
  readonly stage: Stage;
  /** How its users sign in. @default - the stage has no console */
  readonly signIn: SignIn | undefined;
  readonly files: MediaFiles;
  readonly serviceApi: ServiceApi;
}

/** Serves the page for the people who answer; it reads nothing but its own bundle. */
class Console extends ServiceFunction<typeof ConsoleEnv> {
  constructor(scope: Construct, id: string, props: ConsoleProps) {
    const { signIn, files, console } = props;
    super(scope, id, {
      ...props,
      name: 'console',
      env: ConsoleEnv,
      values: {
        PAGE_FILE: fileInBundle(PAGE_ASSET),
        AUTHORIZE_URL: signIn.authorizeUrl,
        TOKEN_URL: signIn.tokenUrl,
        LOGOUT_URL: signIn.logoutUrl ?? '',
        CLIENT_ID: signIn.clientId,
        SCOPE: signIn.scope,
        FILE_ORIGIN: files.origin,
        POLL_SECONDS: String(console.pollSeconds),
        LIST_SECONDS: String(console.listSeconds),
      },
      timeout: Duration.seconds(10),
      // A cold start, which among few calls is the slowest in a hundred.
      slow: Duration.seconds(3),
      errorImpact: 'Agents cannot open the console; pages that are open go on working.',
    });
  }
}

/** Adds the console at the root of the API; nothing where the stage has none. */
export const addConsole = (stack: Stack, props: AddConsoleProps): void => {
  const { stage, signIn, files, serviceApi } = props;
  const { console } = stage;
  if (console === undefined || signIn === undefined) return;
  const { function: handler } = new Console(stack, 'Console', { ...props, signIn, console });
  const origins = consoleOrigins(stage, serviceApi.api);
  serviceApi.addConsole(handler);
  files.allowUploadsFrom(origins);
  addConsoleOutput(stack, origins);
};
