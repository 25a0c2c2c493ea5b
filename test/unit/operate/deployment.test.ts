import { describe, expect, it } from 'vitest';
import { OperatorError, readOptions } from '../../../infra/operate/command.ts';
import { type ReadOutputs, readDeployment } from '../../../infra/operate/deployment.ts';

const OUTPUTS = {
  Region: 'eu-west-1',
  TableName: 'table',
  EventBusName: 'bus',
  EventFailuresQueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/failures',
  MediaQueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/media',
  MediaFailuresQueueArn: 'arn:aws:sqs:eu-west-1:123456789012:media-failures',
};

/** The stacks of an AWS account, by name. */
const anAccount =
  (stacks: Readonly<Record<string, Readonly<Record<string, string>>>>): ReadOutputs =>
  async (name) =>
    stacks[name];

const read = (stacks: Parameters<typeof anAccount>[0], stages: readonly string[], ...args: string[]) =>
  readDeployment(readOptions(args, 'stage').stage, { stages, read: anAccount(stacks) });

describe('the outputs of a deployed stage', () => {
  it('two-stages: are those of the requested stage, whichever was deployed last', async () => {
    const stages = ['production', 'staging'];
    const production = { ...OUTPUTS, TableName: 'productive' };
    const deployed = { 'CareWindow-production': production, 'CareWindow-staging': { ...OUTPUTS, ApiUrl: 'https://a' } };

    expect(await read(deployed, stages, '--stage', 'production')).toEqual({ stage: 'production', outputs: production });
    expect(await read(deployed, stages, '--stage=staging')).toEqual({ stage: 'staging', outputs: OUTPUTS });
    await expect(read(deployed, stages)).rejects.toThrow(
      'infra/config.ts has several stages: choose one with --stage: production, staging',
    );
  });

  it('are those of the only stage when none was requested', async () => {
    const outputs = { ...OUTPUTS, DeliveryFailuresQueueArn: 'arn:aws:sqs:eu-west-1:123456789012:delivery-failures' };

    expect(await read({ 'CareWindow-live': outputs }, ['live'])).toEqual({ stage: 'live', outputs });
  });

  it.each([
    ['an unknown stage', ['--stage', 'prod'], 'infra/config.ts has no stage "prod", only live'],
    ['an unknown option', ['--stag', 'live'], 'The options are --stage; --help explains them'],
    ['an option without a value', ['--stage'], 'The options are --stage'],
    ['a positional argument', ['live'], 'The options are --stage'],
  ])('say what is wrong with %s', async (_, args, sentence) => {
    const reading = async () => read({ 'CareWindow-live': OUTPUTS }, ['live'], ...args);

    await expect(reading()).rejects.toThrow(OperatorError);
    await expect(reading()).rejects.toThrow(sentence);
  });

  it('say what to do when the stage is not deployed in this account and region', async () => {
    await expect(read({}, ['live'])).rejects.toThrow(
      'There is no stack CareWindow-live in this AWS account and region: deploy the stage, or set AWS_PROFILE',
    );
  });

  it('say what to do when an older version is deployed', async () => {
    const { EventFailuresQueueUrl: _, ...older } = OUTPUTS;

    await expect(read({ 'CareWindow-live': older }, ['live'])).rejects.toThrow(
      'CareWindow-live lacks the outputs EventFailuresQueueUrl: deploy the stage again',
    );
  });
});
