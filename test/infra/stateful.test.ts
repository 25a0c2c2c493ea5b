import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { SECRET_FORMS } from '../../functions/shared/domain/secrets.ts';
import { SESSIONS_TABLE } from '../../functions/shared/store/table.ts';
import { aStage, propertiesOf, resourcesOf, synthesize } from './synthesize.ts';

const TABLE = 'AWS::DynamoDB::GlobalTable';
const SECRET = 'AWS::SecretsManager::Secret';
const BUCKET = 'AWS::S3::Bucket';
const COMPOSITE_ALARM = 'AWS::CloudWatch::CompositeAlarm';

describe('what outlives the stack', () => {
  let template: Template;
  beforeAll(() => {
    template = synthesize();
  });

  it('is retained when the stack is deleted or the resource replaced', () => {
    for (const resource of [TABLE, SECRET, BUCKET].flatMap((type) => Object.values(resourcesOf(template, type))))
      expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('has no physical name without the name or the id of the stack, so that two stages fit in one account', () => {
    const names = [
      'TableName',
      'FunctionName',
      'RoleName',
      'LogGroupName',
      'TopicName',
      'QueueName',
      'AlarmName',
      'BucketName',
    ];

    for (const { Type, Properties } of Object.values(resourcesOf(template)))
      for (const name of names)
        if (Type === COMPOSITE_ALARM && name === 'AlarmName') expect(Properties[name]).toMatch(/^TestAlarms[A-Z]/);
        else expect(typeof Properties[name]).not.toBe('string');
    for (const { Properties } of Object.values(resourcesOf(template, SECRET)))
      expect(JSON.stringify(Properties['Name'])).toContain('{"Ref":"AWS::StackId"}');
  });

  describe('the sessions table', () => {
    it('has the keys, the TTL attribute and the index that the store uses', () => {
      template.hasResourceProperties(TABLE, {
        KeySchema: [
          { AttributeName: SESSIONS_TABLE.partitionKey, KeyType: 'HASH' },
          { AttributeName: SESSIONS_TABLE.sortKey, KeyType: 'RANGE' },
        ],
        TimeToLiveSpecification: { AttributeName: SESSIONS_TABLE.timeToLiveAttribute, Enabled: true },
        GlobalSecondaryIndexes: [
          {
            IndexName: SESSIONS_TABLE.byDueAt.indexName,
            KeySchema: [
              { AttributeName: SESSIONS_TABLE.byDueAt.partitionKey, KeyType: 'HASH' },
              { AttributeName: SESSIONS_TABLE.byDueAt.sortKey, KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
          Match.objectLike({ IndexName: 'byDue' }),
        ],
      });
    });

    it('is on demand and encrypted, streams both images, and has point-in-time recovery and deletion protection', () => {
      template.hasResourceProperties(TABLE, {
        BillingMode: 'PAY_PER_REQUEST',
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        SSESpecification: { SSEEnabled: true },
        Replicas: [
          {
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          },
        ],
      });
    });
  });

  describe('the bucket of the files', () => {
    const bucket = () => propertiesOf(template, BUCKET, 'Files');

    it('is private and encrypted, accepts TLS alone, and knows no owner but this account', () => {
      expect(bucket()).toMatchObject({
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      });
      template.hasResourceProperties('AWS::S3::BucketPolicy', {
        PolicyDocument: {
          Statement: [
            Match.objectLike({
              Effect: 'Deny',
              Action: 's3:*',
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            }),
          ],
        },
      });
    });

    it('keeps no version of a removed file', () => {
      expect(bucket()).not.toHaveProperty('VersioningConfiguration');
    });

    it('keeps files as long as the messages of their channel, and none longer than any channel could', () => {
      const rulesOf = (retentions: readonly number[]) => {
        const { whatsapp } = aStage();
        const channels = whatsapp.channels.map((channel, index) => ({
          ...channel,
          retentionDays: retentions[index] ?? 30,
        }));
        const stage = aStage({ whatsapp: { ...whatsapp, channels } });
        return propertiesOf(synthesize(stage), BUCKET, 'Files')['LifecycleConfiguration'];
      };

      expect(bucket()['LifecycleConfiguration']).toMatchObject({
        Rules: [
          { Prefix: '30/', ExpirationInDays: 30 },
          { Id: 'keep-at-most', ExpirationInDays: 3_650 },
        ],
      });
      expect(rulesOf([90, 8])).toMatchObject({
        Rules: [
          { Prefix: '8/', ExpirationInDays: 8 },
          { Prefix: '90/', ExpirationInDays: 90 },
          { ExpirationInDays: 3_650 },
        ],
      });
    });
  });

  describe('the secrets', () => {
    it('are two per account and one per channel with endpoints, described with the JSON that the runtime parses', () => {
      const exampleOf = (id: string): unknown => {
        const description = String(propertiesOf(template, SECRET, id)['Description']);
        return JSON.parse(description.slice(description.indexOf('{')));
      };

      for (const [provider, account] of [
        ['meta', 'Secretsshopmeta'],
        ['sinch', 'Secretsshopsinch'],
      ] as const)
        for (const part of ['webhook', 'api'] as const)
          expect(SECRET_FORMS[provider][part].safeParse(exampleOf(`${account}${part}`)).success).toBe(true);
      expect(exampleOf('DeliveriesSecretsorders')).toEqual({ 'https://...': ['whsec_...'] });
    });

    it('are named after the stage, the stack and their owner, so that another stack never meets them', () => {
      const names = Object.values(resourcesOf(template, SECRET)).map(({ Properties }) =>
        JSON.stringify(Properties['Name']),
      );

      for (const name of names) expect(name).toMatch(/^{"Fn::Join":\["",\["Test\/",{"Fn::Select":.*"AWS::StackId"/);
      expect(
        names
          .map((name) => name.match(/"(\/[^"]+)"\]\]}$/)?.[1])
          .toSorted((one = '', other = '') => one.localeCompare(other)),
      ).toEqual([
        '/orders/deliveries',
        '/shop-meta/api',
        '/shop-meta/webhook',
        '/shop-sinch/api',
        '/shop-sinch/webhook',
      ]);
    });

    it('start as random letters and digits, which are not valid JSON', () => {
      for (const { Properties } of Object.values(resourcesOf(template, SECRET)))
        expect(Properties['GenerateSecretString']).toEqual({ ExcludePunctuation: true });
    });
  });
});
