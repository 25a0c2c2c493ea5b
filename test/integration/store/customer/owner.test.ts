import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import type { OwnerReport } from '../../../../functions/shared/domain/owner.ts';
import { customerKey, sessionKey } from '../../../../functions/shared/store/keys.ts';
import { anArrival, CUSTOMER, NOON, secondsAfterNoon } from '../../../support/arrivals.ts';
import { aUserId } from '../../../support/builders.ts';
import { dynamoDbEndpoint } from '../../../support/endpoint.ts';
import { aTable, type TestTable } from '../../../support/table.ts';

let table: TestTable;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
});

const report = (kind: OwnerReport['kind'], seconds: number, customer = CUSTOMER) =>
  table.store.reportOwner({
    channel: 'support',
    customer,
    kind,
    atMs: NOON.getTime() + seconds * 1000,
    now: secondsAfterNoon(seconds),
  });
const owner = async (customer = CUSTOMER) => (await table.store.loadCustomer('support', customer)).record.owner;

describe('what webhooks say of an owner', () => {
  it('leads to the newest word, whichever comes first', async () => {
    await table.store.recordInbound(anArrival({ at: NOON, now: NOON }));

    await report('meta_agent', 2);
    await report('phone_app', 1);
    expect(await owner()).toEqual({ kind: 'meta_agent', since: NOON.getTime() + 2_000 });
    await report('app', 3);
    expect(await owner()).toEqual({ kind: 'none', since: NOON.getTime() + 3_000, reported: true });
  });

  it('restores no customer who is not stored, or was erased', async () => {
    expect(await report('phone_app', 1)).toBe(false);
    expect(await table.scan()).toEqual([]);
  });

  it('ends no hold of a person, except one that has ended by itself', async () => {
    await table.store.recordInbound(anArrival({ at: NOON, now: NOON }));
    const until = NOON.getTime() + 5_000;
    const after = { kind: 'person', since: NOON.getTime(), until } as const;
    await table.store.changeOwner({ channel: 'support', customer: CUSTOMER, before: undefined, after });

    await report('meta_agent', 4);
    expect(await owner()).toEqual(after);
    await report('meta_agent', 5);
    expect(await owner()).toMatchObject({ kind: 'meta_agent' });
  });

  it('follows a customer who was merged into another name', async () => {
    const alias = aUserId();
    await table.store.recordInbound(anArrival({ at: NOON, now: NOON }));
    for (const key of [customerKey('support', alias), sessionKey('support', alias)])
      await table.documents.send(new PutCommand({ TableName: table.tableName, Item: { ...key, movedTo: CUSTOMER } }));

    expect(await report('meta_agent', 1, alias)).toBe(true);
    expect(await owner()).toMatchObject({ kind: 'meta_agent' });
  });

  it('writes nothing while the same one goes on holding it, and anew in the next session', async () => {
    const day = 86_400;
    await table.store.recordInbound(anArrival({ at: NOON, now: NOON }));
    await report('meta_agent', 1);
    table.wire.reset();
    expect(await report('meta_agent', 60)).toBe(false);
    expect(table.wire.commands).toEqual(['BatchGetItem']);

    const next = secondsAfterNoon(day + 60);
    await table.store.recordInbound(anArrival({ at: next, now: next }));
    expect(await report('meta_agent', day + 60)).toBe(true);
    expect(await owner()).toEqual({ kind: 'meta_agent', since: next.getTime() });
  });
});
