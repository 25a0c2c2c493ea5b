import { customerOf } from '../../domain/customer.ts';
import type { EchoMessage } from '../../domain/inbound.ts';
import { epochSeconds } from '../../domain/window.ts';
import type { Table } from '../dynamo/client.ts';
import { putOnce } from '../dynamo/conditional-write.ts';
import { messageKey } from '../keys.ts';
import { expiresAfterDays } from '../retention.ts';
import { storedContent, storedText } from './stored-json.ts';

export interface RecordEcho {
  readonly message: EchoMessage;
  readonly retentionDays: number;
  readonly now: Date;
  /** Of the webhook that delivered it, for the logs. */
  readonly requestId: string;
  /** Its place among the items of that webhook. */
  readonly position: number;
}

/** Records what other senders write from the same number. */
export const createEchoStore = (table: Table) => ({
  /** Adds one message to the thread, and nothing else (R5); idempotent. Resolves to whether it is new. */
  recordEcho: async ({ message, retentionDays, now, requestId, position }: RecordEcho): Promise<boolean> => {
    const { channel, identities, id, providerAtMs: atMs, author, content, replyTo } = message;
    const put = await putOnce(table, {
      ...messageKey({ channel, customer: customerOf(identities), atMs, id }),
      direction: 'echo',
      author,
      id,
      at: atMs,
      receivedAt: now.getTime(),
      requestId,
      position,
      userId: identities.phone === undefined ? undefined : identities.userId,
      content: storedContent(content),
      replyTo: storedText(replyTo),
      expiresAt: expiresAfterDays(epochSeconds(now), retentionDays),
    });
    return put.ok;
  },
});
