import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { freePort } from '../../../infra/local/dynamodb-local.ts';
import { arnOf } from '../assembly/identities.ts';
import { PLACE } from '../assembly/intrinsics.ts';
import { type AwsService, denyInJson, jsonOf, jsonReply, operationOf, unknownOperation } from '../aws/aws-call.ts';
import { createAwsFront } from '../aws/aws-front.ts';
import { createCredentials } from '../aws/credentials.ts';
import { type Access, decide, statementsOf } from '../aws/policies.ts';
import { createS3 } from '../aws/s3.ts';
import { createSts } from '../aws/sts.ts';
import { createAssetsBucket } from './assets-bucket.ts';
import { createCloudFormation } from './cloudformation.ts';
import { QueryError } from './query.ts';
import { createStacks } from './stacks.ts';
import { readUploaded, type Uploaded } from './uploaded.ts';

/** The stack of `cdk bootstrap`, which is CDK's own. */
const TOOLKIT = 'CDKToolkit';
const QUALIFIER = 'hnb659fds';
const BUCKET = `cdk-${QUALIFIER}-assets-${PLACE.account}-${PLACE.region}`;

/** Who runs the CLI: an administrator bootstraps; whoever deploys may do what docs/operate.md says and no more. */
export type Person = 'administrator' | 'deployer';

const MAY: Readonly<Record<Person, ReturnType<typeof statementsOf>>> = {
  administrator: statementsOf({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }),
  deployer: statementsOf({
    Statement: [
      { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: `arn:aws:iam::${PLACE.account}:role/cdk-${QUALIFIER}-*` },
    ],
  }),
};

const Parameter = z.object({ Name: z.string() });

/** SSM, with the one parameter of the bootstrap. */
const createSsm = (version: () => string | undefined): AwsService => ({
  accesses: (call) => {
    if (operationOf(call) !== 'GetParameter') throw unknownOperation(call, operationOf(call));
    return [{ action: 'ssm:GetParameter', resource: arnOf('ssm', `parameter${Parameter.parse(jsonOf(call)).Name}`) }];
  },
  deny: denyInJson,
  perform: async (call) => {
    const { Name } = Parameter.parse(jsonOf(call));
    const Value = Name === `/cdk-bootstrap/${QUALIFIER}/version` ? version() : undefined;
    return Value === undefined
      ? jsonReply(400, { __type: 'ParameterNotFound', message: 'no such parameter' })
      : jsonReply(200, { Parameter: { Name, Type: 'String', Value } });
  },
});

/** CDK's own template, whose outputs the CLI reads. */
const readToolkit = (text: string): Uploaded => {
  const version = /BootstrapVersion:[\s\S]*?Value: "(?<version>\d+)"/.exec(text)?.groups?.['version'] ?? '';
  return {
    text,
    resources: { StagingBucket: { Type: 'AWS::S3::Bucket' }, CdkBootstrapVersion: { Type: 'AWS::SSM::Parameter' } },
    nested: {},
    code: [],
    outputs: () => ({
      BucketName: BUCKET,
      BucketDomainName: `${BUCKET}.s3.${PLACE.region}.amazonaws.com`,
      BootstrapVersion: version,
    }),
  };
};

/** An account of AWS, empty at first, with the services that the CDK CLI calls. */
export const openAccount = async (folder: string) => {
  const faults: string[] = [];
  const denials: string[] = [];
  const calls: string[] = [];
  const credentials = createCredentials();
  const authorize = (roleArn: string, access: Access): boolean => {
    const name = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    const statements = MAY[name as Person];
    calls.push(`${name}: ${access.action}`);
    const isAllowed = statements === undefined || decide(statements, access).outcome === 'allowed';
    if (!isAllowed) denials.push(`${name}: ${access.action} on ${access.resource}`);
    return isAllowed;
  };
  const s3 = createS3({ ledger: { authorize }, credentials });
  const read = (key: string): Buffer | undefined => s3.read(`/${BUCKET}/${key}`);
  const stacks = createStacks((key) => read(key) !== undefined);
  const toolkit = () => stacks.find(TOOLKIT)?.deployed;
  const front = createAwsFront({
    port: await freePort(),
    credentials,
    ledger: { authorize },
    report: (fault) => void faults.push(fault),
    serveLink: async () => ({ status: 403, headers: {}, body: '' }),
    services: {
      cloudformation: createCloudFormation({
        stacks,
        readTemplate: (stackName, query) => {
          const body = query.text('TemplateBody');
          if (stackName === TOOLKIT && body !== undefined) return readToolkit(body);
          const key = query.text('TemplateURL')?.split('/').at(-1) ?? '';
          const template = read(key);
          if (template === undefined) throw new QueryError('ValidationError', `S3 error: there is no ${key}`);
          const text = template.toString('utf8');
          return readUploaded({ stackName, text, read, folder: mkdtempSync(join(folder, 'outputs-')) });
        },
      }),
      s3: createAssetsBucket({ name: () => (toolkit() === undefined ? undefined : BUCKET), s3 }),
      ssm: createSsm(() => toolkit()?.outputs()['BootstrapVersion']),
      sts: createSts(credentials, { trusts: () => toolkit() !== undefined }),
    },
  });
  await front.start();
  return {
    url: front.url,
    stacks,
    read,
    calls,
    faults,
    denials,
    /** What the SDK finds in the environment of a person. */
    environmentOf: (person: Person) => ({
      AWS_ENDPOINT_URL: front.url,
      AWS_ACCESS_KEY_ID: credentials.accessKeyOf(arnOf('iam', `user/${person}`, '')),
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_REGION: PLACE.region,
    }),
    stop: front.stop,
  };
};
export type Account = Awaited<ReturnType<typeof openAccount>>;
