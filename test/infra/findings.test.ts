import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { aStage, CONTEXT, ROOT, validate } from './synthesize.ts';

const Report = z.object({
  pluginReports: z.array(z.object({ violations: z.array(z.object({ ruleName: z.string() })) })),
});

const outDir = mkdtempSync(join(tmpdir(), 'carewindow-synth-'));

/** Synthesizes an app in a child process, as `cdk synth` does. */
const synth = (app: string) => {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, app)], {
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: outDir, CDK_CONTEXT_JSON: JSON.stringify(CONTEXT) },
  });
  const report = Report.parse(JSON.parse(readFileSync(join(outDir, 'validation-report.json'), 'utf8')));
  const rules = report.pluginReports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName));
  // The stack's own part of the secrets' names is an expression.
  const named = rules.map((rule) => rule.replace(/:secret:.*(?=\/\*\/)/, ':secret:<prefix>'));
  return { status, stderr, rules: [...new Set(named)].sort() };
};

const withoutDeliveries = () => {
  const { whatsapp } = aStage();
  return { ...whatsapp, channels: whatsapp.channels.map(({ deliveries: _, ...channel }) => channel) };
};

describe('cdk-nag', () => {
  afterAll(() => rmSync(outDir, { recursive: true }));

  it('finds nothing that is not acknowledged, in a stage that uses every feature', () => {
    expect(synth('test/infra/app-with-everything.ts')).toEqual({ status: 0, stderr: '', rules: [] });
  });

  it('would find exactly what is acknowledged', () => {
    const { status, rules } = synth('test/infra/app-without-acknowledgements.ts');

    expect(status).not.toBe(0);
    expect(rules).toEqual([
      'AwsSolutions-APIG4',
      'AwsSolutions-COG8',
      'AwsSolutions-IAM5[Resource::*]',
      'AwsSolutions-IAM5[Resource::<FilesBucket7C17EE2E.Arn>/*]',
      ...['api', 'deliveries', 'webhook'].map(
        (part) =>
          `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:<prefix>/*/${part}-??????]`,
      ),
      'AwsSolutions-S1',
      'AwsSolutions-SMG4',
      'AwsSolutions-SQS3',
      'Serverless-EventBusDLQ',
      'Serverless-LambdaDLQ',
      'Serverless-LambdaEventSourceMappingDestination',
      'Serverless-SNSRedrivePolicy',
      'Serverless-SQSRedrivePolicy',
    ]);
  });
});

describe('the rules of CloudFormation', () => {
  const oauth = { provider: 'oidc' as const, issuer: 'https://login.acme.com/', audiences: ['carewindow'] };
  const signIn = {
    authorizeUrl: 'https://login.acme.com/authorize',
    tokenUrl: 'https://login.acme.com/token',
    clientId: 'console',
  };

  it.each([
    ['calls that AWS signs alone', aStage()],
    ['an issuer of its own', aStage({ oauth, console: { signIn } })],
    ['neither endpoints nor an email address', aStage({ whatsapp: withoutDeliveries(), alarmEmail: undefined })],
  ])('are kept by a stage with %s', (_, stage) => {
    expect(() => validate(stage)).not.toThrow();
  });
});
