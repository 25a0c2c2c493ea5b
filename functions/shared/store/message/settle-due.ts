import { setDue } from '../due/due-entry.ts';
import type { Table } from '../dynamo/client.ts';
import { updateConditionally } from '../dynamo/conditional-write.ts';
import { readItem } from '../dynamo/read-items.ts';
import { OutboundItem } from '../items.ts';
import { type ItemKey, parseMessageKey } from '../keys.ts';
import { recheckAt, updateStatus } from './update-status.ts';

/** The state of a send whose outcome was due. */
export type DueSend =
  | {
      readonly kind: 'now_in_doubt' | 'still_in_doubt' | 'settled';
      /** Since the send was decided. */
      readonly ageSeconds: number;
    }
  /** An item that this version cannot parse. */
  | { readonly kind: 'unreadable' };

/** Schedules the next check of a send in doubt, which measures its age again. */
const scheduleRecheck = (table: Table, key: ItemKey, now: Date) => {
  const due = setDue(recheckAt(key, now));
  return updateConditionally(table, key, {
    UpdateExpression: `SET ${due.set}`,
    ConditionExpression: '#status = :inDoubt',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ...due.values, ':inDoubt': 'in_doubt' },
  });
};

/** Settles sends whose outcome is due. */
export const createDueSendStore = (table: Table) => ({
  /** Marks a send without outcome as in doubt once its lease has ended (R11, R12); `undefined` while it has not. */
  settleDue: async (key: ItemKey, now: Date): Promise<DueSend | undefined> => {
    const item = await readItem(table, key);
    if (item === undefined) return undefined;
    const { data: message } = OutboundItem.safeParse(item);
    if (message === undefined || parseMessageKey(key) === undefined) return { kind: 'unreadable' };
    const ageSeconds = Math.floor((now.getTime() - message.decision.at) / 1000);
    if (message.status === 'in_doubt') {
      await scheduleRecheck(table, key, now);
      return { kind: 'still_in_doubt', ageSeconds };
    }
    if (message.status !== 'accepted') return { kind: 'settled', ageSeconds };
    if (now.getTime() < message.leaseUntil) return undefined;
    const { ok } = await updateStatus(table, key, {
      to: 'in_doubt',
      atMs: now.getTime(),
      by: 'service',
      claimedBy: message.claimedBy,
    });
    return { kind: ok ? 'now_in_doubt' : 'settled', ageSeconds };
  },
});
