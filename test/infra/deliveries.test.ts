import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { MAX_ATTEMPTS } from '../../functions/shared/domain/delivery.ts';
import { DELIVERY_CASES } from '../support/delivery-cases.ts';
import { matchesPattern } from '../support/event-pattern.ts';
import { aStage, idOf, Joined, propertiesOf, resourcesOf, synthesize } from './synthesize.ts';

const CRM = 'https://crm.example.com/hooks?tenant=7';
const BOT = 'https://bot.example.com/';

const Rule = z.object({
  EventBusName: z.unknown(),
  EventPattern: z.record(z.string(), z.unknown()),
  Targets: z.tuple([
    z.object({
      Arn: z.unknown(),
      InputTransformer: z.object({ InputPathsMap: z.record(z.string(), z.string()), InputTemplate: z.string() }),
    }),
  ]),
});

const Policy = z.object({
  PolicyDocument: z.object({ Statement: z.array(z.record(z.string(), z.unknown())) }),
});

/** Transforms an event as EventBridge does with the target's input transformer. */
const transform = (
  { InputPathsMap, InputTemplate }: z.infer<typeof Rule>['Targets'][0]['InputTransformer'],
  event: object,
) =>
  JSON.parse(
    InputTemplate.replaceAll(/<([^>]+)>/g, (_, name: string) =>
      JSON.stringify(Reflect.get(event, (InputPathsMap[name] ?? '').replace('$.', ''))),
    ),
  ) as unknown;

describe('the delivery of events to HTTPS endpoints', () => {
  let template: Template;
  beforeAll(() => {
    template = synthesize();
  });
  const queue = () => ({ 'Fn::GetAtt': [idOf(template, 'AWS::SQS::Queue', 'DeliveriesQueue'), 'Arn'] });
  const failures = () => ({ 'Fn::GetAtt': [idOf(template, 'AWS::SQS::Queue', 'DeliveriesFailures'), 'Arn'] });
  const bus = () => ({ Ref: idOf(template, 'AWS::Events::EventBus', 'Events') });
  const ruleOf = (number: number, of: Template = template) =>
    Rule.parse(propertiesOf(of, 'AWS::Events::Rule', `DeliveriesRulesorders${number}`));

  it('has a rule on the service’s bus for each endpoint', () => {
    const rules = Object.keys(resourcesOf(template, 'AWS::Events::Rule')).filter((id) => id.startsWith('Deliveries'));

    expect(rules).toHaveLength(2);
    for (const number of [1, 2])
      expect(ruleOf(number)).toMatchObject({ EventBusName: bus(), Targets: [{ Arn: queue() }] });
  });

  it.each([
    [1, CRM],
    [2, BOT],
  ])('passes the endpoint with the event: endpoint %i is %s', (number, url) => {
    const detail = { id: 'evt_1', occurredAt: '2026-11-20T12:00:00Z', channel: 'orders', data: { text: 'a "quote"' } };
    const event = { source: 'carewindow', 'detail-type': 'message.received', detail };

    expect(transform(ruleOf(number).Targets[0].InputTransformer, event)).toEqual({
      channel: 'orders',
      url,
      type: 'message.received',
      detail,
    });
  });

  it.each(DELIVERY_CASES)('selects the same events as the domain: $name, $selected', ({ events, event, selected }) => {
    const { whatsapp } = aStage();
    const [orders, ...others] = whatsapp.channels;
    const channel = {
      ...orders,
      id: 'support',
      account: 'shop-meta',
      deliveries: [{ url: CRM, ...(events === undefined ? {} : { events }) }],
    };
    const other = synthesize(aStage({ whatsapp: { ...whatsapp, channels: [channel, ...others] } }));
    const { EventPattern } = Rule.parse(propertiesOf(other, 'AWS::Events::Rule', 'DeliveriesRules'));

    const onTheBus = { source: event.source, 'detail-type': event.type, detail: event.detail };
    expect(matchesPattern(EventPattern, onTheBus)).toBe(selected);
  });

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

  it('passes the secret of each channel that has endpoints', () => {
    const { Environment } = z
      .object({ Environment: z.object({ Variables: z.object({ DELIVERY_SECRET_ARNS: Joined }) }) })
      .parse(propertiesOf(template, 'AWS::Lambda::Function', 'EventDelivery'));
    const [separator, parts] = Environment.Variables.DELIVERY_SECRET_ARNS['Fn::Join'];

    expect(JSON.parse(parts.map((part) => (typeof part === 'string' ? part : part.Ref)).join(separator))).toEqual({
      orders: 'DeliveriesSecretsordersFE595A38',
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
