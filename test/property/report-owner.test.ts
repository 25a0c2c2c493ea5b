import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { OwnerReport } from '../../functions/shared/domain/owner.ts';
import { customerKey } from '../../functions/shared/store/keys.ts';
import { anArrival, CUSTOMER, NOON, secondsAfterNoon } from '../support/arrivals.ts';
import { aTableInMemory, type TestTable } from '../support/table.ts';

const report = (table: TestTable, kind: OwnerReport['kind'], seconds: number) =>
  table.store.reportOwner({
    channel: 'support',
    customer: CUSTOMER,
    kind,
    atMs: NOON.getTime() + seconds * 1000,
    now: secondsAfterNoon(seconds),
  });

const permutations = <T>(list: readonly T[]): readonly (readonly T[])[] =>
  list.length < 2
    ? [list]
    : list.flatMap((one, index) => permutations(list.toSpliced(index, 1)).map((rest) => [one, ...rest]));

describe('what webhooks say of an owner', () => {
  it.each(permutations(['meta_agent', 'phone_app', 'app'] as const))(
    'leads to the newest word in any order, repeated: %s, %s, %s',
    async (...kinds) => {
      const table = aTableInMemory();
      const reports = kinds.map((kind, seconds) => [kind, seconds] as const);
      await table.store.recordInbound(anArrival({ at: NOON, now: NOON }));
      const since = NOON.getTime() + 2_000;
      const last = kinds[2] === 'app' ? { kind: 'none', since, reported: true } : { kind: kinds[2], since };

      for (const order of permutations(reports)) {
        for (const [kind, seconds] of order) await report(table, kind, seconds);
        expect((await table.store.loadCustomer('support', CUSTOMER)).record.owner).toEqual(last);
        const item = await table.read(customerKey('support', CUSTOMER));
        await table.documents.send(new PutCommand({ TableName: table.tableName, Item: { ...item, owner: undefined } }));
      }
    },
  );
});
