import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { MAX_ATTEMPTS } from '../../functions/shared/domain/delivery.ts';
import type { EventType } from '../../functions/shared/domain/event-types.ts';
import { DELIVERY_CASES } from '../support/delivery-cases.ts';
import { matchesPattern } from '../support/event-pattern.ts';
import { aStage, idOf, Joined, propertiesOf, resourcesOf, synthesize } from './synthesize.ts';

const Rule = z.object({
  EventBusName: z.unknown(),
  EventPattern: z.record(z.string(), z.unknown()),
  Targets: z.tuple([z.strictObject({ Arn: z.unknown(), Id: z.string() })]),
});

const Policy = z.object({
  PolicyDocument: z.object({ Statement: z.array(z.record(z.string(), z.unknown())) }),
});

describe('the delivery of events to HTTPS endpoints', () => {
  let template: Template;
  beforeAll(() => {
    template = synthesize();
  });
  const queue = () => ({ 'Fn::GetAtt': [idOf(template, 'AWS::SQS::Queue', 'DeliveriesQueue'), 'Arn'] });
  const failures = () => ({ 'Fn::GetAtt': [idOf(template, 'AWS::SQS::Queue', 'DeliveriesFailures'), 'Arn'] });
  const bus = () => ({ Ref: idOf(template, 'AWS::Events::EventBus', 'Events') });
  const ruleOf = (of: Template = template) => Rule.parse(propertiesOf(of, 'AWS::Events::Rule', 'Deliveries'));

  it('has one rule on the service’s bus for all endpoints, which passes the event as it is', () => {
    expect(ruleOf()).toMatchObject({ EventBusName: bus(), Targets: [{ Arn: queue() }] });
  });

  it('takes every type of event where an endpoint names none, and else those that an endpoint names', () => {
    expect(ruleOf().EventPattern).toEqual({ source: ['carewindow'] });

    const { whatsapp } = aStage();
    const [orders, ...others] = whatsapp.channels;
    const deliveries = [
      { url: 'https://crm.example.com/', events: ['session.opened', 'session.closed'] as EventType[] },
      { url: 'https://bot.example.com/', events: ['session.opened'] as EventType[] },
    ];
    const channels = [{ ...orders, id: 'orders', account: 'shop-meta', deliveries }, ...others];
    const { EventPattern } = ruleOf(synthesize(aStage({ whatsapp: { ...whatsapp, channels } })));
    expect(EventPattern).toEqual({ source: ['carewindow'], 'detail-type': ['session.closed', 'session.opened'] });
  });

  it.each(DELIVERY_CASES.filter(({ selected }) => selected))(
    'lets every event through that the function gives an endpoint: $name',
    ({ events, event }) => {
      const { whatsapp } = aStage();
      const [orders, ...others] = whatsapp.channels;
      const delivery = { url: 'https://crm.example.com/', ...(events === undefined ? {} : { events }) };
      const channel = { ...orders, id: 'support', account: 'shop-meta', deliveries: [delivery] };
      const { EventPattern } = ruleOf(
        synthesize(aStage({ whatsapp: { ...whatsapp, channels: [channel, ...others] } })),
      );

      const onTheBus = { source: event.source, 'detail-type': event.type, detail: event.detail };
      expect(matchesPattern(EventPattern, onTheBus)).toBe(true);
    },
  );

  it('allows only the rules of this bus to send to the queue, over TLS', () => {
    const [denied, allowed, ...more] = Policy.parse(propertiesOf(template, 'AWS::SQS::QueuePolicy', 'DeliveriesQueue'))
      .PolicyDocument.Statement;

    expect(denied).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    expect(allowed).toMatchObject({
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: queue(),
    });
    const { ArnLike } = z.object({ ArnLike: z.object({ 'aws:SourceArn': Joined }) }).parse(allowed?.['Condition']);
    const [separator, parts] = ArnLike['aws:SourceArn']['Fn::Join'];
    expect(parts.map((part) => (typeof part === 'string' ? part : part.Ref)).join(separator)).toBe(
      `arn:AWS::Partition:events:AWS::Region:AWS::AccountId:rule/${bus().Ref}/*`,
    );
    expect(more).toEqual([]);
  });

  it('keeps events for 7 days, encrypted, and moves those that failed every attempt to the dead-letter queue', () => {
    expect(propertiesOf(template, 'AWS::SQS::Queue', 'DeliveriesQueue')).toMatchObject({
      MessageRetentionPeriod: 604_800,
      VisibilityTimeout: 180,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { deadLetterTargetArn: failures(), maxReceiveCount: MAX_ATTEMPTS },
    });
  });

  it('keeps dead letters for 14 days, encrypted, over TLS only', () => {
    expect(propertiesOf(template, 'AWS::SQS::Queue', 'DeliveriesFailures')).toMatchObject({
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    });
    expect(JSON.stringify(propertiesOf(template, 'AWS::SQS::QueuePolicy', 'DeliveriesFailures'))).toContain(
      'aws:SecureTransport',
    );
  });

  it('invokes the function with ten messages at a time, which may fail one by one, at limited concurrency', () => {
    expect(propertiesOf(template, 'AWS::Lambda::EventSourceMapping', 'Deliveries')).toMatchObject({
      EventSourceArn: queue(),
      FunctionName: { Ref: idOf(template, 'AWS::Lambda::Function', 'EventDelivery') },
      BatchSize: 10,
      ScalingConfig: { MaximumConcurrency: 50 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it.each([
    ['ApproximateNumberOfMessagesVisible', 'DeliveriesFailures', 1],
    ['ApproximateAgeOfOldestMessage', 'DeliveriesQueue', 900],
  ])('raises an alarm on %s of %s', (MetricName, prefix, Threshold) => {
    const QueueName = { 'Fn::GetAtt': [idOf(template, 'AWS::SQS::Queue', prefix), 'QueueName'] };

    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/SQS',
      MetricName,
      Dimensions: [{ Name: 'QueueName', Value: QueueName }],
      Statistic: 'Maximum',
      Threshold,
    });
  });

  it('does not exist where no channel has endpoints', () => {
    const { whatsapp } = aStage();
    const channels = whatsapp.channels.map((channel) => ({ ...channel, deliveries: [] }));
    const without = synthesize(aStage({ whatsapp: { ...whatsapp, channels } }));

    expect(Object.keys(resourcesOf(without)).filter((id) => /^(Deliveries|EventDelivery)/.test(id))).toEqual([]);
  });
});
