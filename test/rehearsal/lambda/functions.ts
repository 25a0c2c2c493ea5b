import * as z from 'zod';
import type { Assembly } from '../assembly/assembly.ts';
import { PLACE } from '../assembly/intrinsics.ts';
import type { Credentials } from '../aws/credentials.ts';
import type { Ledger } from '../aws/ledger.ts';
import { isLike } from '../aws/policies.ts';
import type { Outcome } from './runtime-api.ts';
import { type FunctionSpec, type Sandbox, startSandbox } from './sandbox.ts';

const FunctionProperties = z.object({
  Architectures: z.tuple([z.literal('arm64')]),
  Code: z.object({ S3Key: z.string() }),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
  Handler: z.string(),
  LoggingConfig: z.object({ LogFormat: z.literal('JSON'), LogGroup: z.string() }),
  MemorySize: z.number(),
  Role: z.string(),
  Runtime: z.literal('nodejs24.x'),
  Timeout: z.number(),
  TracingConfig: z.object({ Mode: z.literal('Active') }),
});

const Permission = z.object({
  Action: z.literal('lambda:InvokeFunction'),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string(),
});

export interface FunctionsOptions {
  readonly assembly: Assembly;
  readonly credentials: Credentials;
  readonly ledger: Ledger;
  /** How every function reaches AWS and the internet. */
  readonly network: Readonly<Record<string, string>>;
  readonly runtime: readonly string[];
  readonly onLine: (name: string, line: string) => void;
}

/** The functions of the template, found by ARN. */
export interface Functions {
  readonly invoke: (arn: string, event: unknown) => Promise<Outcome>;
  readonly roleOf: (arn: string) => string;
  /** Whether the function's own policy lets a service of AWS invoke it for a source. */
  readonly mayInvoke: (service: string, arn: string, sourceArn: string) => boolean;
  /** The code's folder and memory of each, by logical id. */
  readonly specs: ReadonlyMap<string, FunctionSpec & { readonly role: string }>;
  readonly stop: () => Promise<void>;
}

const specsOf = ({ assembly, credentials, network }: FunctionsOptions) =>
  new Map(
    assembly.ofType('AWS::Lambda::Function').map(({ id, properties }) => {
      const { Code, Environment, Handler, MemorySize, Role, Timeout } = FunctionProperties.parse(properties);
      const { ref, attributes } = assembly.identity(id);
      return [
        id,
        {
          name: ref,
          arn: attributes['Arn'] ?? '',
          folder: assembly.assetFolder(Code.S3Key),
          handler: Handler,
          timeoutSeconds: Timeout,
          memoryMb: MemorySize,
          role: Role,
          environment: {
            ...Environment.Variables,
            ...network,
            AWS_REGION: PLACE.region,
            AWS_DEFAULT_REGION: PLACE.region,
            AWS_ACCESS_KEY_ID: credentials.accessKeyOf(Role),
            AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
            AWS_SESSION_TOKEN: 'the-session-of-the-rehearsal',
          },
        },
      ];
    }),
  );

/** What Lambda itself does with the role of each function: it writes logs and traces. */
const usePlatformGrants = ({ assembly, ledger }: FunctionsOptions, role: string, logGroup: string): void => {
  const group = assembly
    .ofType('AWS::Logs::LogGroup')
    .map(({ id }) => assembly.identity(id))
    .find(({ ref }) => ref === logGroup);
  for (const action of ['CreateLogStream', 'PutLogEvents'])
    ledger.authorize(role, { action: `logs:${action}`, resource: group?.attributes['Arn'] ?? logGroup });
  for (const action of ['PutTelemetryRecords', 'PutTraceSegments'])
    ledger.authorize(role, { action: `xray:${action}`, resource: '*' });
};

export const createFunctions = (options: FunctionsOptions): Functions => {
  const { assembly, ledger, runtime, onLine } = options;
  const specs = specsOf(options);
  const permissions = assembly.ofType('AWS::Lambda::Permission').map(({ properties }) => Permission.parse(properties));
  const groups = new Map(
    assembly
      .ofType('AWS::Lambda::Function')
      .map(({ id, properties }) => [id, FunctionProperties.parse(properties).LoggingConfig.LogGroup]),
  );
  const sandboxes = new Map<string, Promise<Sandbox>>();
  const find = (arn: string) => {
    const entry = [...specs].find(([, spec]) => spec.arn === arn || spec.name === arn);
    if (entry === undefined) throw new Error(`the template has no function ${arn}`);
    return { id: entry[0], spec: entry[1] };
  };
  const sandboxOf = (arn: string): Promise<Sandbox> => {
    const { id, spec } = find(arn);
    const running = sandboxes.get(id) ?? startSandbox({ spec, runtime, onLine: (line) => onLine(id, line) });
    if (!sandboxes.has(id)) usePlatformGrants(options, spec.role, groups.get(id) ?? '');
    sandboxes.set(id, running);
    return running;
  };
  return {
    invoke: async (arn, event) => (await sandboxOf(arn)).invoke(event),
    roleOf: (arn) => find(arn).spec.role,
    mayInvoke: (service, arn, sourceArn) => {
      const isAllowed = permissions.some(
        ({ FunctionName, Principal, SourceArn }) =>
          find(FunctionName).spec.arn === arn && Principal === service && isLike(SourceArn, sourceArn),
      );
      if (!isAllowed) ledger.lacks(`${service} may not invoke ${arn} for ${sourceArn}`);
      return isAllowed;
    },
    specs,
    stop: async () => {
      for (const sandbox of sandboxes.values()) await (await sandbox).stop();
    },
  };
};
