import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { InboundWebhookEnv } from '../../functions/inbound-webhook/env.ts';
import { OutboundSendEnv } from '../../functions/outbound-send/env.ts';
import { SessionsApiEnv } from '../../functions/sessions-api/env.ts';
import type { ServiceFunctionProps } from '../../infra/constructs/service-function.ts';
import { idOf, Joined, propertiesOf, resourcesOf, synthesize } from './synthesize.ts';

const Policy = z.object({
  PolicyDocument: z.object({
    Statement: z.array(
      z.object({ Effect: z.string(), Action: z.union([z.string(), z.array(z.string())]), Resource: z.unknown() }),
    ),
  }),
});

const Variables = z.object({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) });

const namesOf = (values: ServiceFunctionProps<typeof SessionsApiEnv>['values']): readonly string[] =>
  Object.keys(values);

const TABLE_ARN = { 'Fn::GetAtt': ['SessionsTableA5E8383B', 'Arn'] };
const SECRET_ARNS = [{ Ref: 'Secretsshopmeta1084744F' }, { Ref: 'Secretsshopsinch252DD255' }];

const EXPECTED = [
  {
    id: 'InboundWebhook',
    env: InboundWebhookEnv,
    timeout: 25,
    table: ['PutItem', 'UpdateItem'],
    secrets: true,
  },
  {
    id: 'OutboundSend',
    env: OutboundSendEnv,
    timeout: 29,
    table: ['BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem'],
    secrets: true,
  },
  { id: 'SessionsApi', env: SessionsApiEnv, timeout: 10, table: ['BatchGetItem', 'GetItem', 'Query'], secrets: false },
];

describe('the functions', () => {
  let template: Template;
  beforeAll(() => {
    template = synthesize();
  });

  const functionOf = (id: string) => propertiesOf(template, 'AWS::Lambda::Function', id);

  const variablesOf = (id: string) => Variables.parse(functionOf(id)).Environment.Variables;

  const statementsOf = (id: string) =>
    Policy.parse(propertiesOf(template, 'AWS::IAM::Policy', id)).PolicyDocument.Statement;

  it('are these and no others', () => {
    template.resourceCountIs('AWS::Lambda::Function', EXPECTED.length);
    template.resourceCountIs('AWS::IAM::Policy', EXPECTED.length);
  });

  it.each(EXPECTED)('$id runs Node 24 on arm64 within its time, traced, logging JSON', ({ id, timeout }) => {
    expect(functionOf(id)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 1024,
      Timeout: timeout,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: idOf(template, 'AWS::Logs::LogGroup', id) } },
    });
  });

  it.each(EXPECTED)('$id gets exactly the variables that it reads', ({ id, env }) => {
    expect(Object.keys(variablesOf(id)).sort()).toEqual(Object.keys(env.shape).sort());
  });

  it('cannot be given a variable too few or too many: that does not compile', () => {
    // @ts-expect-error TABLE_NAME is missing
    expect(namesOf({ CONFIG_FILE: 'f' })).toEqual(['CONFIG_FILE']);
    // @ts-expect-error the sessions API reads no secrets
    expect(namesOf({ TABLE_NAME: 't', CONFIG_FILE: 'f', SECRET_ARNS: '{}' })).toHaveLength(3);
  });

  it('find every account under SECRET_ARNS', () => {
    const [separator, parts] = Joined.parse(variablesOf('InboundWebhook')['SECRET_ARNS'])['Fn::Join'];
    const text = parts.map((part) => (typeof part === 'string' ? part : part.Ref)).join(separator);

    expect(JSON.parse(text)).toEqual({
      'shop-meta': 'Secretsshopmeta1084744F',
      'shop-sinch': 'Secretsshopsinch252DD255',
    });
  });

  it.each(EXPECTED)('$id may do exactly what it does, by name', ({ id, table, secrets }) => {
    const logs = { 'Fn::GetAtt': [idOf(template, 'AWS::Logs::LogGroup', id), 'Arn'] };
    const allowed = statementsOf(id).flatMap(({ Effect, Action, Resource }) =>
      [Action].flat().map((action) => [Effect, action, Resource]),
    );

    expect(allowed).toHaveLength(4 + table.length + (secrets ? 1 : 0));
    expect(allowed).toEqual(
      expect.arrayContaining([
        ['Allow', 'logs:CreateLogStream', logs],
        ['Allow', 'logs:PutLogEvents', logs],
        ['Allow', 'xray:PutTelemetryRecords', '*'],
        ['Allow', 'xray:PutTraceSegments', '*'],
        ...table.map((action) => ['Allow', `dynamodb:${action}`, TABLE_ARN]),
        ...(secrets ? [['Allow', 'secretsmanager:GetSecretValue', SECRET_ARNS]] : []),
      ]),
    );
  });

  it('have roles without managed policies', () => {
    for (const role of Object.values(resourcesOf(template, 'AWS::IAM::Role')))
      expect(role.Properties).not.toHaveProperty('ManagedPolicyArns');
  });

  it('keep their logs as long as the stage says', () => {
    for (const group of Object.values(resourcesOf(template, 'AWS::Logs::LogGroup')))
      expect(group.Properties['RetentionInDays']).toBe(30);
  });
});
