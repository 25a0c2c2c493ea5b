import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { idOf, propertiesOf, synthesize } from './synthesize.ts';

describe('the publication of the table’s changes', () => {
  let template: Template;
  beforeAll(() => {
    template = synthesize();
  });
  const arnOf = (type: string, prefix: string) => ({ 'Fn::GetAtt': [idOf(template, type, prefix), 'Arn'] });

  it('reads the stream one batch at a time, retries for 23 hours, and sends what fails until then to the dead-letter queue', () => {
    expect(propertiesOf(template, 'AWS::Lambda::EventSourceMapping', 'Events')).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': ['SessionsTableA5E8383B', 'StreamArn'] },
      FunctionName: { Ref: idOf(template, 'AWS::Lambda::Function', 'ChangeStream') },
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 300,
      ParallelizationFactor: 1,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: -1,
      MaximumRecordAgeInSeconds: 82_800,
      DestinationConfig: { OnFailure: { Destination: arnOf('AWS::SQS::Queue', 'Events') } },
    });
  });

  it('keeps dead letters for 14 days, encrypted, over TLS only', () => {
    expect(propertiesOf(template, 'AWS::SQS::Queue', 'Events')).toMatchObject({
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    });
    expect(JSON.stringify(propertiesOf(template, 'AWS::SQS::QueuePolicy', 'Events'))).toContain('aws:SecureTransport');
  });

  it.each([
    ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 1],
    ['AWS/Lambda', 'IteratorAge', 60_000],
  ])('raises an alarm on %s %s', (Namespace, MetricName, Threshold) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace,
      MetricName,
      Threshold,
      Statistic: 'Maximum',
    });
  });

  it('publishes to a bus of the stack, whose name is an output', () => {
    template.resourceCountIs('AWS::Events::EventBus', 1);
    expect(Object.keys(template.findOutputs('EventBusName'))).toHaveLength(1);
  });
});
