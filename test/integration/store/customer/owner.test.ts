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

const permutations = <T>(list: readonly T[]): readonly (readonly T[])[] =>
  list.length < 2
    ? [list]
    : list.flatMap((one, index) => permutations(list.toSpliced(index, 1)).map((rest) => [one, ...rest]));

describe('what webhooks say of an owner', () => {
  it.each(permutations(['meta_agent', 'phone_app', 'app'] as const))(
    'leads to the newest word in any order, repeated: %s, %s, %s',
    async (...kinds) => {
      const reports = kinds.map((kind, seconds) => [kind, seconds] as const);
      await table.store.recordInbound(anArrival({ at: NOON, now: NOON }));
      const since = NOON.getTime() + 2_000;
      const last = kinds[2] === 'app' ? { kind: 'none', since, reported: true } : { kind: kinds[2], since };

      for (const order of permutations(reports)) {
        for (const [kind, seconds] of order) await report(kind, seconds);
        expect(await owner()).toEqual(last);
        const item = await table.read(customerKey('support', CUSTOMER));
        await table.documents.send(new PutCommand({ TableName: table.tableName, Item: { ...item, owner: undefined } }));
      }
    },
  );

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
