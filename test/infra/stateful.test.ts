import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { MetaSecrets, SinchSecrets } from '../../functions/shared/domain/config.ts';
import { SESSIONS_TABLE } from '../../functions/shared/store/table.ts';
import { resourcesOf, synthesize } from './synthesize.ts';

const TABLE = 'AWS::DynamoDB::GlobalTable';
const SECRET = 'AWS::SecretsManager::Secret';

describe('what outlives the stack', () => {
  let template: Template;
  beforeAll(() => {
    template = synthesize();
  });

  it('keeps its logical ids: with another id it would be replaced by an empty resource', () => {
    const ids = [TABLE, SECRET].flatMap((type) => Object.keys(resourcesOf(template, type)));

    expect(ids.sort()).toEqual([
      'DeliveriesSecretsordersFE595A38',
      'Secretsshopmeta1084744F',
      'Secretsshopsinch252DD255',
      'SessionsTableA5E8383B',
    ]);
  });

  it('is retained when the stack is deleted or the resource replaced', () => {
    for (const resource of [TABLE, SECRET].flatMap((type) => Object.values(resourcesOf(template, type))))
      expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('has no physical name, so that two stages fit in one account', () => {
    for (const { Properties } of Object.values(resourcesOf(template)))
      for (const name of ['TableName', 'FunctionName', 'RoleName', 'LogGroupName', 'TopicName', 'AlarmName'])
        expect(typeof Properties[name]).not.toBe('string');
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
            IndexName: SESSIONS_TABLE.byDue.indexName,
            KeySchema: [
              { AttributeName: SESSIONS_TABLE.byDue.partitionKey, KeyType: 'HASH' },
              { AttributeName: SESSIONS_TABLE.byDue.sortKey, KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
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

  describe('the secrets', () => {
    it('are one per account and one per channel with endpoints, described with the JSON that the runtime parses', () => {
      const exampleOf = (id: string): unknown => {
        const description = String(resourcesOf(template, SECRET)[id]?.Properties['Description']);
        return JSON.parse(description.slice(description.indexOf('{')));
      };

      expect(MetaSecrets.safeParse(exampleOf('Secretsshopmeta1084744F')).success).toBe(true);
      expect(SinchSecrets.safeParse(exampleOf('Secretsshopsinch252DD255')).success).toBe(true);
      expect(exampleOf('DeliveriesSecretsordersFE595A38')).toEqual({ 'https://...': ['whsec_...'] });
    });

    it('start as random letters and digits, which are not valid JSON', () => {
      for (const { Properties } of Object.values(resourcesOf(template, SECRET)))
        expect(Properties['GenerateSecretString']).toEqual({ ExcludePunctuation: true });
    });
  });
});
