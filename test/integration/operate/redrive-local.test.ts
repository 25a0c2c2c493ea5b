import { randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { CustomerKey } from '../../../functions/shared/domain/customer.ts';
import { toDocumentClient } from '../../../functions/shared/store/dynamo/client.ts';
import { sessionKey } from '../../../functions/shared/store/keys.ts';
import { localClient } from '../../../infra/shared/local-engine.ts';
import { aLocalService } from '../../support/local.ts';

describe('a change that the code cannot read', () => {
  it('goes to the dead-letter queue, delays nothing, and can be redriven', async () => {
    const tableName = `local-${randomUUID()}`;
    const { call, write, dynamoDbEndpoint } = await aLocalService({ tableName });
    await call('DELETE', '/_local/events');
    const client = toDocumentClient(localClient(dynamoDbEndpoint));
    const poison = { ...sessionKey('support', CustomerKey.parse('+15557654321')), phase: 'ajar' };
    await client.send(new PutCommand({ TableName: tableName, Item: poison }));
    await write({ channel: 'support', from: '+15551234567', text: 'Hello' });

    const { events } = (await call('GET', '/_local/events')).body;
    expect(events.map((event: { 'detail-type': string }) => event['detail-type'])).toEqual([
      'session.opened',
      'message.received',
    ]);
    const letters = async () => (await call('POST', '/_local/redrive')).body;
    expect(await letters()).toMatchObject({
      records: { redriven: 0, failed: 1, expired: 0 },
      deliveries: 0,
      socialEvents: 0,
    });
    expect((await letters()).lines).toContainEqual(expect.stringContaining('ZodError'));
  });
});
