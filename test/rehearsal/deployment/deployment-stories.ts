import { deepStrictEqual, ok } from 'node:assert';
import * as z from 'zod';
import { Outputs } from '../../../infra/operate/deployment.ts';
import { LOCKED_TYPES } from '../../infra/replaced.ts';
import { aStage, aStageWithEverything } from '../../infra/synthesize.ts';
import { deploy } from '../assembly/assembly.ts';
import { PLACE } from '../assembly/intrinsics.ts';
import type { Operator } from './operator.ts';

/** What an operator does with the CDK CLI, as README and docs/operate.md say it; rejects where it goes another way. */
export interface DeploymentStory {
  readonly name: string;
  readonly play: (operator: Operator) => Promise<void>;
}

/** As docs/operate.md says it for a deploy without a terminal. */
const deployStage = ({ cdk }: Operator, stage: string): Promise<string> =>
  cdk('deployer', `deploy -c stage=${stage} --require-approval never --ci`);

const STAGES = { test: aStage(), production: aStageWithEverything() };

/** The least version with which every command of docs/operate.md works. */
const MIN_BOOTSTRAP = 23;

export const bootstrap: DeploymentStory = {
  name: 'an administrator bootstraps the account and region',
  play: async ({ configure, cdk, account }) => {
    configure(STAGES);
    await cdk('administrator', `bootstrap aws://${PLACE.account}/${PLACE.region}`);
    ok(Number(account.stacks.get('CDKToolkit').deployed?.outputs()['BootstrapVersion']) >= MIN_BOOTSTRAP);
  },
};

/** The outputs that README, docs and commands name, for a stage with everything; those of an account end in a hash. */
const NAMED_OUTPUTS = [
  ...Object.keys(Outputs.shape),
  'AlarmTopicArn',
  'ApiUrl',
  'ConsoleUrl',
  'DashboardName',
  'NoticeTopicArn',
  'OAuthUrl',
  'SecretPrefix',
  'SignInClientId',
  'TokenUrl',
  'UserPoolId',
];

/** The names of the secrets that docs/configuration.md tells an operator to fill, below the prefix. */
const SECRETS = ['orders/deliveries', 'shop-meta/api', 'shop-meta/webhook', 'shop-sinch/api', 'shop-sinch/webhook'];

const expectOutputs = ({ outputsOf }: Operator, printed: string): void => {
  const outputs = outputsOf('production');
  deepStrictEqual(
    NAMED_OUTPUTS.filter((name) => outputs[name] === undefined),
    [],
  );
  for (const [name, value] of Object.entries(outputs))
    ok(printed.includes(`CareWindow-production.${name} = ${value}`), `the CLI prints ${name}`);
  deepStrictEqual(
    Object.keys(outputs).flatMap((name) => (name.startsWith('WebhookUrl') ? [outputs[name]] : [])),
    ['meta/shop-meta', 'sinch/shop-sinch'].map((path) => `${outputs['ApiUrl']}/webhooks/${path}`),
  );
  // The rehearsal gives each API of the same logical id the same id, which AWS does not.
  const shared = Object.entries(outputsOf('test')).filter(
    ([name, value]) => outputs[name] === value && !value.includes('.execute-api.'),
  );
  deepStrictEqual(shared, [['Region', PLACE.region]]);
};

const secretNames = ({ uploadedStack }: Operator, stage: string): readonly string[] =>
  deploy(uploadedStack(stage), '')
    .ofType('AWS::SecretsManager::Secret')
    .map(({ properties }) => z.string().parse(properties['Name']))
    .toSorted();

export const twoStages: DeploymentStory = {
  name: 'two stages are deployed into one account, each with its own bundles, secrets and outputs',
  play: async (operator) => {
    const { stackOf, outputsOf, codeOf, differingCode } = operator;
    for (const stage of ['test', 'production']) {
      const printed = await deployStage(operator, stage);
      deepStrictEqual(stackOf(stage).status, 'CREATE_COMPLETE');
      ok(codeOf(stage).length > 7);
      deepStrictEqual(differingCode(stage), []);
      const prefix = outputsOf(stage)['SecretPrefix'];
      deepStrictEqual(
        secretNames(operator, stage),
        SECRETS.map((name) => `${prefix}/${name}`),
      );
      if (stage === 'production') expectOutputs(operator, printed);
    }
  },
};

const withAnotherChannel = () => {
  const { whatsapp, ...others } = STAGES.production;
  const channel = {
    id: 'claims',
    account: 'shop-meta',
    phoneNumberId: '457',
    deliveries: [{ url: 'https://claims.example.com/' }],
  };
  return { ...others, logRetentionDays: 60, whatsapp: { ...whatsapp, channels: [...whatsapp.channels, channel] } };
};

export const update: DeploymentStory = {
  name: 'an update adds a channel, shows it before, and replaces nothing that holds something',
  play: async (operator) => {
    const { cdk, stackOf } = operator;
    operator.configure({ ...STAGES, production: withAnotherChannel() });
    const shown = await cdk('deployer', 'diff -c stage=production');
    ok(/\[\+\] AWS::SecretsManager::Secret .*claims/.test(shown), shown);
    ok(!/requires replacement|may be replaced/.test(shown), shown);

    await deployStage(operator, 'production');
    const { status, lastChanges } = stackOf('production');
    deepStrictEqual([status, stackOf('test').status], ['UPDATE_COMPLETE', 'CREATE_COMPLETE']);
    deepStrictEqual(
      lastChanges.filter(
        ({ action, type, replacement }) =>
          LOCKED_TYPES.includes(type) && (action === 'Remove' || ['True', 'Conditional'].includes(replacement ?? '')),
      ),
      [],
    );
    ok(lastChanges.some(({ action, type }) => action === 'Add' && type === 'AWS::SecretsManager::Secret'));
    ok(lastChanges.some(({ action, type }) => action === 'Modify' && type === 'AWS::Lambda::Function'));
  },
};

/** The table of docs/operate.md on what remains. */
const REMAINS = [
  'AWS::Cognito::UserPool',
  'AWS::DynamoDB::GlobalTable',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::SecretsManager::Secret',
];

export const destroy: DeploymentStory = {
  name: 'a stage is destroyed, what cannot be made again remains, and the other stage stays',
  play: async ({ cdk, account, stackOf }) => {
    await cdk('deployer', 'destroy -c stage=production --force');

    deepStrictEqual(account.stacks.find('CareWindow-production'), undefined);
    deepStrictEqual([...new Set(account.stacks.retained().map(({ type }) => type))].toSorted(), REMAINS);
    deepStrictEqual(stackOf('test').status, 'CREATE_COMPLETE');
  },
};
