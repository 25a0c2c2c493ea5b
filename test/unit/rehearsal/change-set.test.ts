import { describe, expect, it } from 'vitest';
import { changesBetween } from '../../rehearsal/deployment/change-set.ts';

const TABLE = 'AWS::DynamoDB::GlobalTable';
const KEY = [{ AttributeName: 'pk', KeyType: 'HASH' }];

const aTable = (properties: object, more: object = {}) => ({
  Table: { Type: TABLE, Properties: { KeySchema: KEY, ...properties }, ...more },
});

describe('what CloudFormation would change', () => {
  it.each([
    ['nothing', {}, {}, []],
    ['nothing with other metadata', {}, { Metadata: { 'aws:cdk:path': 'new' } }, []],
    ['a tag without a replacement', { BillingMode: 'PAY_PER_REQUEST' }, {}, ['False']],
    ['the key by a replacement', { KeySchema: [] }, {}, ['True']],
    ['what remains of it', {}, { DeletionPolicy: 'Delete' }, ['False']],
  ])('of a table: %s', async (_, properties, more, replacements) => {
    const changes = await changesBetween(aTable({}), aTable(properties, more));

    expect(changes).toEqual(
      replacements.map((replacement) => ({ action: 'Modify', logicalId: 'Table', type: TABLE, replacement })),
    );
  });

  it('is a resource that is new, one that is gone, and one of another type', async () => {
    const [queue, topic] = [{ Type: 'AWS::SQS::Queue' }, { Type: 'AWS::SNS::Topic' }];

    expect(await changesBetween({ Old: queue, Same: queue }, { New: topic, Same: topic })).toEqual([
      { action: 'Remove', logicalId: 'Old', type: 'AWS::SQS::Queue', replacement: undefined },
      { action: 'Modify', logicalId: 'Same', type: 'AWS::SNS::Topic', replacement: 'True' },
      { action: 'Add', logicalId: 'New', type: 'AWS::SNS::Topic', replacement: undefined },
    ]);
  });
});
