import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { aStageAtAws, idOf, propertiesOf, resourcesOf, synthesize } from './synthesize.ts';

const SERVICE = { Service: 'social-messaging.amazonaws.com' };
const OWN_ACCOUNT = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };

describe('the events of a number at AWS', () => {
  let template: Template;
  beforeAll(() => {
    template = synthesize(aStageAtAws());
  });

  const queue = () => ({ 'Fn::GetAtt': [idOf(template, 'AWS::SQS::Queue', 'SocialEventsQueue'), 'Arn'] });
  const topic = () => ({ Ref: idOf(template, 'AWS::SNS::Topic', 'SocialEvents') });

  it('come from a topic to which the service alone publishes, for this AWS account', () => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Principal: SERVICE,
            Action: 'sns:Publish',
            Resource: topic(),
            Condition: OWN_ACCOUNT,
          }),
        ]),
      },
    });
  });

  it('are encrypted with a key that the service may use, for this AWS account', () => {
    expect(propertiesOf(template, 'AWS::SNS::Topic', 'SocialEvents')).toMatchObject({
      KmsMasterKeyId: { 'Fn::GetAtt': [idOf(template, 'AWS::KMS::Key', 'SocialEvents'), 'Arn'] },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: SERVICE,
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Condition: OWN_ACCOUNT,
          }),
        ]),
      },
    });
  });

  it('go through a queue that hides them six times the timeout, and after five receives into another', () => {
    expect(propertiesOf(template, 'AWS::SNS::Subscription', 'SocialEvents')).toMatchObject({
      Protocol: 'sqs',
      Endpoint: queue(),
      TopicArn: topic(),
    });
    expect(propertiesOf(template, 'AWS::Lambda::Function', 'InboundQueue')).toMatchObject({ Timeout: 30 });
    expect(propertiesOf(template, 'AWS::SQS::Queue', 'SocialEventsQueue')).toMatchObject({
      VisibilityTimeout: 180,
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': [idOf(template, 'AWS::SQS::Queue', 'SocialEventsFailures'), 'Arn'] },
        maxReceiveCount: 5,
      },
    });
    expect(propertiesOf(template, 'AWS::Lambda::EventSourceMapping', 'SocialEvents')).toMatchObject({
      EventSourceArn: queue(),
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it.each([
    { id: 'OutboundSendRole', action: 'social-messaging:SendWhatsAppMessage', end: ':phone-number-id/00bb' },
    {
      id: 'TemplateSyncRole',
      action: ['social-messaging:GetWhatsAppMessageTemplate', 'social-messaging:ListWhatsAppMessageTemplates'],
      end: ':waba/00aa',
    },
    {
      id: 'MediaRole',
      action: ['social-messaging:GetWhatsAppMessageMedia', 'social-messaging:PostWhatsAppMessageMedia'],
      end: ':phone-number-id/00bb',
    },
  ])('let $id call AWS for its own number or account alone', ({ id, action, end }) => {
    const { PolicyDocument } = propertiesOf(template, 'AWS::IAM::Policy', id);
    const { Statement } = PolicyDocument as { Statement: { Action: unknown; Resource: unknown }[] };
    const granted = Statement.filter(({ Action }) => JSON.stringify(Action) === JSON.stringify(action));

    expect(granted).toHaveLength(1);
    expect(JSON.stringify(granted[0]?.Resource)).toContain(`${end}"`);
  });

  it('are sent to our topic by a resource that may set the destination of its own account alone', () => {
    const [destination, ...others] = Object.values(resourcesOf(template, 'Custom::WhatsAppEventDestination'));
    const { PolicyDocument } = propertiesOf(template, 'AWS::IAM::Policy', 'EventDestinations');
    const { Statement } = PolicyDocument as { Statement: { Action: string | string[]; Resource: unknown }[] };
    const granted = Statement.filter(({ Action }) => JSON.stringify(Action).includes('social-messaging:'));

    expect(others).toEqual([]);
    expect(destination?.Properties).toMatchObject({
      ServiceToken: { 'Fn::GetAtt': [idOf(template, 'AWS::Lambda::Function', 'EventDestinations'), 'Arn'] },
      account: 'shop-aws',
      wabaId: 'waba-00aa',
      topicArn: topic(),
    });
    const functionId = idOf(template, 'AWS::Lambda::Function', 'EventDestinations');
    const policies = ['AWS::SNS::TopicPolicy', 'AWS::IAM::Policy'] as const;
    const [topicPolicy, rolePolicy] = policies.map((type) =>
      idOf(template, type, type === 'AWS::IAM::Policy' ? 'EventDestinations' : 'SocialEvents'),
    );
    expect(destination?.DependsOn).toEqual(expect.arrayContaining([functionId, topicPolicy]));
    expect(resourcesOf(template)[functionId]?.DependsOn).toContain(rolePolicy);
    expect(granted.map(({ Action }) => Action)).toEqual([
      [
        'social-messaging:GetLinkedWhatsAppBusinessAccount',
        'social-messaging:PutWhatsAppBusinessAccountEventDestinations',
      ],
    ]);
    expect(JSON.stringify(granted[0]?.Resource)).toContain(':waba/00aa"');
  });

  it('are recorded with the rights on the table that the webhooks of the others have', () => {
    const onTable = (id: string) => {
      const { PolicyDocument } = propertiesOf(template, 'AWS::IAM::Policy', id);
      const { Statement } = PolicyDocument as { Statement: { Action: string | string[] }[] };
      return Statement.flatMap(({ Action }) => Action).filter((action) => action.startsWith('dynamodb:'));
    };

    expect(onTable('InboundQueue')).toContain('dynamodb:DeleteItem');
    expect(onTable('InboundQueue')).toEqual(onTable('InboundWebhook'));
  });

  it('are recorded with a raised lead before the sweep has it', () => {
    const sweep = resourcesOf(template)[idOf(template, 'AWS::Lambda::Function', 'WindowSweep')];

    expect(sweep?.DependsOn).toContain(idOf(template, 'AWS::Lambda::Function', 'InboundQueue'));
  });

  it('raise an alarm when they fail, wait, or cannot be read', () => {
    for (const id of ['SocialEventsGivenUp', 'SocialEventsBacklog', 'InboundQueueUnplacedItems', 'InboundQueueErrors'])
      expect(propertiesOf(template, 'AWS::CloudWatch::Alarm', id)).toBeDefined();
  });

  it('have no secret and no webhook', () => {
    expect(JSON.stringify(template.toJSON()['Outputs'])).not.toContain('shop-aws');
    expect(Object.keys(resourcesOf(template, 'AWS::SecretsManager::Secret')).join()).not.toContain('aws');
  });

  it('come from a given topic, which is left alone', () => {
    const arn = 'arn:aws:sns:eu-central-1:111122223333:whatsapp';
    const given = synthesize(aStageAtAws({ eventTopicArn: arn }));

    expect(propertiesOf(given, 'AWS::SNS::Subscription', 'SocialEvents')).toMatchObject({ TopicArn: arn });
    expect(Object.keys(resourcesOf(given, 'AWS::SNS::Topic')).filter((id) => id.startsWith('Social'))).toEqual([]);
    expect(resourcesOf(given, 'AWS::KMS::Key')).toEqual({});
    expect(Object.keys(resourcesOf(given)).filter((id) => id.startsWith('EventDestinations'))).toEqual([]);
  });

  it('leave nothing in a stage without such an account', () => {
    const ids = Object.keys(resourcesOf(synthesize()));

    expect(ids.filter((id) => /^(SocialEvents|InboundQueue|EventDestinations)/.test(id))).toEqual([]);
  });
});
