import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { OperatorError, readOptions } from '../../../infra/operate/command.ts';
import { readDeployment } from '../../../infra/operate/deployment.ts';

const OUTPUTS = {
  Region: 'eu-west-1',
  TableName: 'table',
  EventBusName: 'bus',
  EventFailuresQueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/failures',
};

let file: URL;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'carewindow-outputs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  file = pathToFileURL(join(folder, 'outputs.json'));
});

const write = (content: unknown) =>
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
const read = (...args: string[]) => readDeployment(readOptions(args, 'stage').stage, file);

describe('the outputs of a deployed stage', () => {
  it('are those of the requested stage', () => {
    write({
      'CareWindow-production': { ...OUTPUTS, TableName: 'productive' },
      'CareWindow-test': { ...OUTPUTS, ApiUrl: 'https://api.example' },
    });

    expect(read('--stage', 'test')).toEqual({ stage: 'test', outputs: OUTPUTS });
    expect(read('--stage=production')).toMatchObject({ stage: 'production', outputs: { TableName: 'productive' } });
  });

  it('are those of the only stage when none was requested', () => {
    const outputs = { ...OUTPUTS, DeliveryFailuresQueueArn: 'arn:aws:sqs:eu-west-1:123456789012:delivery-failures' };
    write({ 'CareWindow-production': outputs, SomethingElse: {} });

    expect(read()).toEqual({ stage: 'production', outputs });
  });

  it('say what to do when the file is missing', () => {
    expect(() => read()).toThrow(OperatorError);
    expect(() => read()).toThrow('Deploy first; for a stage that is already deployed, npx cdk deploy --outputs-file');
  });

  it.each([
    [
      'two stages and no request',
      { 'CareWindow-a': OUTPUTS, 'CareWindow-b': OUTPUTS },
      [],
      'cdk-outputs.json has several stages: choose one with --stage: a, b',
    ],
    ['no stage of CareWindow', { Other: {} }, [], 'has no stage of CareWindow: deploy first'],
    ['another stage', { 'CareWindow-a': OUTPUTS }, ['--stage', 'b'], 'no stage "b", only a: npx cdk deploy -c stage=b'],
    [
      'outputs of an older deployment',
      { 'CareWindow-a': { ...OUTPUTS, EventFailuresQueueUrl: undefined } },
      [],
      'lacks EventFailuresQueueUrl of stage "a": deploy the stage again',
    ],
    ['no JSON', 'Hello', [], 'was not written by cdk deploy'],
    ['another shape', [], [], 'was not written by cdk deploy'],
    ['an unknown option', { 'CareWindow-a': OUTPUTS }, ['--stag', 'a'], 'The options are --stage'],
    ['an option without a value', { 'CareWindow-a': OUTPUTS }, ['--stage'], 'The options are --stage'],
    ['a positional argument', { 'CareWindow-a': OUTPUTS }, ['production'], 'The options are --stage'],
  ])('say what is wrong with %s', (_, content, args, sentence) => {
    write(content);

    expect(() => read(...args)).toThrow(OperatorError);
    expect(() => read(...args)).toThrow(sentence);
  });
});
