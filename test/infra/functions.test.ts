import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ChangeStreamEnv } from '../../functions/change-stream/env.ts';
import { EventDeliveryEnv } from '../../functions/event-delivery/env.ts';
import { InboundWebhookEnv } from '../../functions/inbound-webhook/env.ts';
import { MediaEnv } from '../../functions/media/env.ts';
import { OutboundSendEnv } from '../../functions/outbound-send/env.ts';
import { SessionsApiEnv } from '../../functions/sessions-api/env.ts';
import { TemplateSyncEnv } from '../../functions/template-sync/env.ts';
import { WindowSweepEnv } from '../../functions/window-sweep/env.ts';
import type { ServiceFunctionProps } from '../../infra/constructs/service-function.ts';
import { idOf, propertiesOf, resourcesOf, synthesize } from './synthesize.ts';

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

/** The ARN of the secrets of a part, of every owner, with the characters that Secrets Manager adds. */
const secretsArn = (part: string) =>
  `arn:AWS::Partition:secretsmanager:AWS::Region:AWS::AccountId:secret:Test/<stack>/*/${part}-??????`;

/** The stack's own part of its secrets' names. */
const STACK_DIGITS = {
  'Fn::Select': [0, { 'Fn::Split': ['-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }] }],
};

/** A text with references, as CDK renders it; the stack's own part is `<stack>`. */
const render = (value: unknown): unknown => {
  const joined = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) }).safeParse(value);
  if (!joined.success) return value;
  return joined.data['Fn::Join'][1]
    .map((part) => {
      if (typeof part === 'string') return part;
      const ref = z.strictObject({ Ref: z.string() }).safeParse(part);
      if (ref.success) return ref.data.Ref;
      expect(part).toEqual(STACK_DIGITS);
      return '<stack>';
    })
    .join('');
};

const EXPECTED = [
  {
    id: 'ChangeStream',
    env: ChangeStreamEnv,
    timeout: 60,
    table: ['BatchGetItem', 'ConditionCheckItem', 'DeleteItem', 'PutItem', 'Query', 'UpdateItem'],
    publishes: true,
    files: 'request',
  },
  {
    id: 'EventDelivery',
    env: EventDeliveryEnv,
    timeout: 30,
    table: ['UpdateItem'],
    delivers: 'all',
  },
  {
    id: 'InboundWebhook',
    env: InboundWebhookEnv,
    timeout: 25,
    table: ['BatchGetItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'],
    secrets: 'webhook',
  },
  {
    id: 'Media',
    env: MediaEnv,
    timeout: 90,
    table: ['GetItem', 'PutItem', 'Query', 'UpdateItem'],
    secrets: 'api',
    files: 'all',
  },
  {
    id: 'OutboundSend',
    env: OutboundSendEnv,
    timeout: 29,
    table: ['BatchGetItem', 'ConditionCheckItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
    secrets: 'api',
    files: 'prepare',
  },
  {
    id: 'SessionsApi',
    env: SessionsApiEnv,
    timeout: 10,
    table: ['BatchGetItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
    findsDue: true,
    delivers: 'resend',
  },
  {
    id: 'TemplateSync',
    env: TemplateSyncEnv,
    timeout: 300,
    table: ['DeleteItem', 'PutItem', 'Query'],
    secrets: 'api',
    schedule: 'cron(17 3 * * ? *)',
  },
  {
    id: 'WindowSweep',
    env: WindowSweepEnv,
    timeout: 55,
    table: ['BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem'],
    findsDue: true,
    schedule: 'rate(1 minute)',
  },
];

describe('the functions', () => {
  let template: Template;
  beforeAll(() => {
    template = synthesize();
  });

  const functionOf = (id: string) => propertiesOf(template, 'AWS::Lambda::Function', id);

  const variablesOf = (id: string) => Variables.parse(functionOf(id)).Environment.Variables;

  const statementsOf = (id: string) =>
    Policy.parse(propertiesOf(template, 'AWS::IAM::Policy', id === 'Media' ? 'MediaRole' : id)).PolicyDocument
      .Statement;

  const streamingStatements = () => {
    const bus = { 'Fn::GetAtt': [idOf(template, 'AWS::Events::EventBus', 'Events'), 'Arn'] };
    const queue = { 'Fn::GetAtt': [idOf(template, 'AWS::SQS::Queue', 'Events'), 'Arn'] };
    const stream = { 'Fn::GetAtt': ['SessionsTableA5E8383B', 'StreamArn'] };
    return [
      ['Allow', 'events:PutEvents', bus],
      ...['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((action) => [
        'Allow',
        `dynamodb:${action}`,
        stream,
      ]),
      ...['GetQueueAttributes', 'GetQueueUrl', 'SendMessage'].map((action) => ['Allow', `sqs:${action}`, queue]),
    ];
  };

  const deliveringStatements = (delivers: string) => {
    const queue = { 'Fn::GetAtt': [idOf(template, 'AWS::SQS::Queue', 'DeliveriesQueue'), 'Arn'] };
    if (delivers === 'resend') return [['Allow', 'sqs:SendMessage', queue]];
    return [
      ['Allow', 'secretsmanager:GetSecretValue', secretsArn('deliveries')],
      ...['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage', 'SendMessage'].map(
        (action) => ['Allow', `sqs:${action}`, queue],
      ),
    ];
  };

  const fileStatements = (files: string) => {
    const queue = { 'Fn::GetAtt': [idOf(template, 'AWS::SQS::Queue', 'FilesQueue'), 'Arn'] };
    const bucket = { 'Fn::GetAtt': [idOf(template, 'AWS::S3::Bucket', 'Files'), 'Arn'] };
    const linkRole = { 'Fn::GetAtt': [idOf(template, 'AWS::IAM::Role', 'MediaLinkRole'), 'Arn'] };
    const request = [['Allow', 'sqs:SendMessage', queue]];
    const media = { 'Fn::GetAtt': [idOf(template, 'AWS::Lambda::Function', 'Media'), 'Arn'] };
    if (files === 'prepare') return [['Allow', 'lambda:InvokeFunction', media]];
    if (files === 'request') return request;
    return [
      ...request,
      ...['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'].map((action) => [
        'Allow',
        `sqs:${action}`,
        queue,
      ]),
      ...['DeleteObject', 'GetObject', 'PutObject'].map((action) => [
        'Allow',
        `s3:${action}`,
        { 'Fn::Join': ['', [bucket, '/*']] },
      ]),
      ['Allow', 's3:ListBucket', bucket],
      ['Allow', 'sts:AssumeRole', linkRole],
    ];
  };

  it('are exactly these', () => {
    template.resourceCountIs('AWS::Lambda::Function', EXPECTED.length);
    // The role that signs links has a policy too.
    template.resourceCountIs('AWS::IAM::Policy', EXPECTED.length + 1);
  });

  it('sign lasting links by a role that may read files, and that only Media may assume', () => {
    const bucket = { 'Fn::GetAtt': [idOf(template, 'AWS::S3::Bucket', 'Files'), 'Arn'] };
    const [own] = Object.entries(resourcesOf(template, 'AWS::IAM::Role')).filter(([id]) => id.startsWith('MediaRole'));

    expect(statementsOf('MediaLinkRole')).toEqual([
      { Effect: 'Allow', Action: 's3:GetObject', Resource: { 'Fn::Join': ['', [bucket, '/*']] } },
    ]);
    expect(propertiesOf(template, 'AWS::IAM::Role', 'MediaLinkRole')).toMatchObject({
      MaxSessionDuration: 3_600,
      AssumeRolePolicyDocument: {
        Statement: [{ Action: 'sts:AssumeRole', Principal: { AWS: { 'Fn::GetAtt': [own?.[0], 'Arn'] } } }],
      },
    });
  });

  it.each(EXPECTED)('$id runs Node 24 on arm64 with its timeout, tracing and JSON logs', ({ id, timeout }) => {
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

  it('update the sweep after those that write sessions, so that a raised lead reaches it last', () => {
    const [sweep] = Object.entries(resourcesOf(template, 'AWS::Lambda::Function')).filter(([id]) =>
      id.startsWith('WindowSweep'),
    );

    expect(sweep?.[1].DependsOn).toContain(idOf(template, 'AWS::Lambda::Function', 'InboundWebhook'));
  });

  it.each(EXPECTED)('$id has exactly the environment variables that it parses', ({ id, env }) => {
    // Lambda sets AWS_REGION itself, and refuses a function that sets it.
    const set = Object.keys(env.shape).filter((name) => name !== 'AWS_REGION');
    expect(Object.keys(variablesOf(id)).sort()).toEqual(set.sort());
  });

  it('do not compile with a missing or an unknown variable', () => {
    // @ts-expect-error TABLE_NAME is missing
    expect(namesOf({ CONFIG_FILE: 'f', DELIVERY_QUEUE_URL: '' })).toHaveLength(2);
    // @ts-expect-error the sessions API reads no secrets
    expect(namesOf({ TABLE_NAME: 't', CONFIG_FILE: 'f', DELIVERY_QUEUE_URL: '', SECRET_PREFIX: 'p' })).toHaveLength(4);
  });

  it.each(EXPECTED.filter(({ env }) => 'SECRET_PREFIX' in env.shape))(
    '$id finds its secrets by a prefix of the stage and the stack, whatever the number of accounts and channels',
    ({ id }) => {
      expect(render(variablesOf(id)['SECRET_PREFIX'])).toBe('Test/<stack>');
    },
  );

  it.each(EXPECTED)(
    '$id is granted exactly the actions that it needs',
    ({ id, table, secrets, findsDue, publishes, delivers, files }) => {
      const logs = { 'Fn::GetAtt': [idOf(template, 'AWS::Logs::LogGroup', id), 'Arn'] };
      const allowed = statementsOf(id).flatMap(({ Effect, Action, Resource }) =>
        [Action]
          .flat()
          .map((action) => [Effect, action, action === 'secretsmanager:GetSecretValue' ? render(Resource) : Resource]),
      );

      const more = [secrets !== undefined, findsDue].filter(Boolean);
      const streaming = publishes ? streamingStatements() : [];
      const delivering = delivers === undefined ? [] : deliveringStatements(delivers);
      const filing = files === undefined ? [] : fileStatements(files);
      expect(allowed).toHaveLength(
        4 + table.length + more.length + streaming.length + delivering.length + filing.length,
      );
      expect(allowed).toEqual(
        expect.arrayContaining([
          ['Allow', 'logs:CreateLogStream', logs],
          ['Allow', 'logs:PutLogEvents', logs],
          ['Allow', 'xray:PutTelemetryRecords', '*'],
          ['Allow', 'xray:PutTraceSegments', '*'],
          ...table.map((action) => ['Allow', `dynamodb:${action}`, TABLE_ARN]),
          ...(findsDue ? [['Allow', 'dynamodb:Query', { 'Fn::Join': ['', [TABLE_ARN, '/index/byDueAt']] }]] : []),
          ...(secrets ? [['Allow', 'secretsmanager:GetSecretValue', secretsArn(secrets)]] : []),
          ...streaming,
          ...delivering,
          ...filing,
        ]),
      );
    },
  );

  it.each(EXPECTED.filter(({ schedule }) => schedule !== undefined))(
    '$id runs on $schedule, and mails no one about an event that it fails on',
    ({ id, schedule }) => {
      const arn = { 'Fn::GetAtt': [idOf(template, 'AWS::Lambda::Function', id), 'Arn'] };

      expect(propertiesOf(template, 'AWS::Events::Rule', id)).toMatchObject({
        ScheduleExpression: schedule,
        State: 'ENABLED',
        Targets: [{ Arn: arn }],
      });
      expect(functionOf(id)).not.toHaveProperty('DeadLetterConfig');
    },
  );

  it('have roles without managed policies', () => {
    for (const role of Object.values(resourcesOf(template, 'AWS::IAM::Role')))
      expect(role.Properties).not.toHaveProperty('ManagedPolicyArns');
  });

  it('keep their logs as long as the stage configures', () => {
    for (const group of Object.values(resourcesOf(template, 'AWS::Logs::LogGroup')))
      expect(group.Properties['RetentionInDays']).toBe(30);
  });
});
