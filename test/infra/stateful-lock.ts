/**
 * What no update may change, of a stage that has everything: a difference would replace the resource, or empty it. A new
 * resource is added here; an entry that is changed or removed needs a way for what it holds (docs/operate.md#what-an-update-must-not-replace).
 */
export const STATEFUL_LOCK: Readonly<Record<string, object>> = {
  AlarmsTopic3A2DFEBA: {
    type: 'AWS::SNS::Topic',
  },
  ApiAccessLogLogsC897C573: {
    type: 'AWS::Logs::LogGroup',
  },
  ApiCD79AAA0: {
    type: 'AWS::ApiGatewayV2::Api',
    ProtocolType: 'HTTP',
  },
  ApiStage4697DF29: {
    type: 'AWS::ApiGatewayV2::Stage',
    StageName: '$default',
    ApiId: 'fb4d12df',
  },
  ChangeStreamLogsC731242C: {
    type: 'AWS::Logs::LogGroup',
  },
  ConsoleLogs223D8CCD: {
    type: 'AWS::Logs::LogGroup',
  },
  DeliveriesFailures98B77DC5: {
    type: 'AWS::SQS::Queue',
  },
  DeliveriesMappingF756ABBA: {
    type: 'AWS::Lambda::EventSourceMapping',
    EventSourceArn: 'arn:aws:sqs:eu-central-1:111122223333:CareWindow-everything-DeliveriesQueue99C7B338-45245C419FF2',
  },
  DeliveriesQueue99C7B338: {
    type: 'AWS::SQS::Queue',
  },
  DeliveriesSecretsordersdeliveriesD26FA3A3: {
    type: 'AWS::SecretsManager::Secret',
    Name: 'CareWindow-everything/6a7e8feb/orders/deliveries',
    GenerateSecretString: {
      ExcludePunctuation: true,
    },
  },
  EventDeliveryLogsD255D6E0: {
    type: 'AWS::Logs::LogGroup',
  },
  EventDestinationsLogs84748F59: {
    type: 'AWS::Logs::LogGroup',
  },
  EventsBus45DE4339: {
    type: 'AWS::Events::EventBus',
    Name: 'CareWindoweverythingEventsBus9B1865F6',
  },
  EventsFailuresF865D7C1: {
    type: 'AWS::SQS::Queue',
  },
  EventsStreamA348795C: {
    type: 'AWS::Lambda::EventSourceMapping',
    StartingPosition: 'TRIM_HORIZON',
    EventSourceArn:
      'arn:aws:dynamodb:eu-central-1:111122223333:table/CareWindow-everything-SessionsTableA5E8383B-0333F1799FD5/stream/2026-11-20T12:00:00.000',
  },
  FilesBucket7C17EE2E: {
    type: 'AWS::S3::Bucket',
  },
  FilesFailures5AE9AC76: {
    type: 'AWS::SQS::Queue',
  },
  FilesMappingBD657EC4: {
    type: 'AWS::Lambda::EventSourceMapping',
    EventSourceArn: 'arn:aws:sqs:eu-central-1:111122223333:CareWindow-everything-FilesQueueA4BC72F9-F360140027C0',
  },
  FilesQueueA4BC72F9: {
    type: 'AWS::SQS::Queue',
  },
  InboundQueueLogs982D9697: {
    type: 'AWS::Logs::LogGroup',
  },
  InboundWebhookLogs1C1A0D5A: {
    type: 'AWS::Logs::LogGroup',
  },
  MediaLogsB618F8D7: {
    type: 'AWS::Logs::LogGroup',
  },
  NoticesTopic898AF2CD: {
    type: 'AWS::SNS::Topic',
  },
  OutboundSendLogsD3242251: {
    type: 'AWS::Logs::LogGroup',
  },
  SecretsshopmetaapiF9369583: {
    type: 'AWS::SecretsManager::Secret',
    Name: 'CareWindow-everything/6a7e8feb/shop-meta/api',
    GenerateSecretString: {
      ExcludePunctuation: true,
    },
  },
  Secretsshopmetawebhook6EF42AEF: {
    type: 'AWS::SecretsManager::Secret',
    Name: 'CareWindow-everything/6a7e8feb/shop-meta/webhook',
    GenerateSecretString: {
      ExcludePunctuation: true,
    },
  },
  Secretsshopsinchapi81155189: {
    type: 'AWS::SecretsManager::Secret',
    Name: 'CareWindow-everything/6a7e8feb/shop-sinch/api',
    GenerateSecretString: {
      ExcludePunctuation: true,
    },
  },
  Secretsshopsinchwebhook170E57D1: {
    type: 'AWS::SecretsManager::Secret',
    Name: 'CareWindow-everything/6a7e8feb/shop-sinch/webhook',
    GenerateSecretString: {
      ExcludePunctuation: true,
    },
  },
  SessionsApiLogsD0C30D7E: {
    type: 'AWS::Logs::LogGroup',
  },
  SessionsTableA5E8383B: {
    type: 'AWS::DynamoDB::GlobalTable',
    KeySchema: [
      {
        AttributeName: 'pk',
        KeyType: 'HASH',
      },
      {
        AttributeName: 'sk',
        KeyType: 'RANGE',
      },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byDueAt',
        KeySchema: [
          {
            AttributeName: 'dueShard',
            KeyType: 'HASH',
          },
          {
            AttributeName: 'dueAt',
            KeyType: 'RANGE',
          },
        ],
        Projection: {
          ProjectionType: 'KEYS_ONLY',
        },
      },
      {
        IndexName: 'byDue',
        KeySchema: [
          {
            AttributeName: 'dueBucket',
            KeyType: 'HASH',
          },
          {
            AttributeName: 'pk',
            KeyType: 'RANGE',
          },
        ],
        Projection: {
          ProjectionType: 'KEYS_ONLY',
        },
      },
    ],
    StreamSpecification: {
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    TimeToLiveSpecification: {
      AttributeName: 'expiresAt',
      Enabled: true,
    },
  },
  SocialEventsFailures6CC95067: {
    type: 'AWS::SQS::Queue',
  },
  SocialEventsKey107B6AF5: {
    type: 'AWS::KMS::Key',
  },
  SocialEventsMapping9943B96B: {
    type: 'AWS::Lambda::EventSourceMapping',
    EventSourceArn:
      'arn:aws:sqs:eu-central-1:111122223333:CareWindow-everything-SocialEventsQueueB4C1B336-E884AF28390B',
  },
  SocialEventsQueueB4C1B336: {
    type: 'AWS::SQS::Queue',
  },
  SocialEventsTopicF45A0830: {
    type: 'AWS::SNS::Topic',
  },
  TemplateSyncLogs17D27BF4: {
    type: 'AWS::Logs::LogGroup',
  },
  'TokenIssuerNestedStackTokenIssuerNestedStackResourceA5D67857/OAuthPool7F38D049': {
    type: 'AWS::Cognito::UserPool',
    UsernameAttributes: ['email'],
  },
  'TokenIssuerNestedStackTokenIssuerNestedStackResourceA5D67857/OAuthPoolClientcrm439F9D74': {
    type: 'AWS::Cognito::UserPoolClient',
    GenerateSecret: true,
    UserPoolId: 'eu-central-1_4582D6A2',
  },
  'TokenIssuerNestedStackTokenIssuerNestedStackResourceA5D67857/OAuthPoolConsole0AEEC5E5': {
    type: 'AWS::Cognito::UserPoolClient',
    GenerateSecret: false,
    UserPoolId: 'eu-central-1_4582D6A2',
  },
  'TokenIssuerNestedStackTokenIssuerNestedStackResourceA5D67857/OAuthPoolDomain249A2D85': {
    type: 'AWS::Cognito::UserPoolDomain',
    UserPoolId: 'eu-central-1_4582D6A2',
    Domain: 'acme-care',
  },
  'TokenIssuerNestedStackTokenIssuerNestedStackResourceA5D67857/OAuthPoolScopes20343CF5': {
    type: 'AWS::Cognito::UserPoolResourceServer',
    UserPoolId: 'eu-central-1_4582D6A2',
    Identifier: 'carewindow',
  },
  'TokenIssuerNestedStackTokenIssuerNestedStackResourceA5D67857/OAuthPoolSignIn8F423888': {
    type: 'AWS::Cognito::UserPoolClient',
    GenerateSecret: false,
    UserPoolId: 'eu-central-1_4582D6A2',
  },
  WindowSweepLogsC2227C12: {
    type: 'AWS::Logs::LogGroup',
  },
};
