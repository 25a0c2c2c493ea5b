import type { Table } from '../dynamo/client.ts';
import { CHANGED_ITEMS, Contended, retryUnderContention } from '../dynamo/contention.ts';
import { type Activity, countMember, type MemberOutcome } from '../usage/count-members.ts';
import { ownerAt } from './identities.ts';

interface Counted {
  readonly outcome: MemberOutcome;
  /** True where the name had another owner before or since, for whom another activity may count. */
  readonly isShared: boolean;
}

/** Counts the customer to whom an activity belongs, where they are not counted yet. */
export const countActivity = (table: Table, activity: Activity): Promise<Counted> => {
  const { channel, customer: name, atMs } = activity.message;
  return retryUnderContention<Counted>(CHANGED_ITEMS, async () => {
    const { isShared, ...owner } = await ownerAt(table, channel, { name, second: Math.floor(atMs / 1000) });
    const outcome = await countMember(table, { activity, ...owner });
    return outcome instanceof Contended ? outcome : { outcome, isShared };
  });
};
