import pMap from 'p-map';
import type { Account } from '../shared/domain/config.ts';
import { customerOf } from '../shared/domain/customer.ts';
import type { InboundMessage } from '../shared/domain/inbound.ts';
import type { StatusReport, WebhookItem } from '../shared/providers/provider.ts';
import type { Runtime } from '../shared/runtime/runtime.ts';

/** Writes under way at once for one webhook: a batch holds up to 1,000 updates. */
const CONCURRENCY = 32;

type Kept = Extract<WebhookItem, { kind: 'message' | 'status' }>;

/** Updates of one customer wait for each other, so that they do not fight over one session. */
const laneOf = (item: Kept): string =>
  item.kind === 'message'
    ? `${item.message.channel} ${customerOf(item.message.identities)}`
    : `${item.report.channel} ${item.report.reference ?? item.report.providerMessageId}`;

const toLanes = (items: readonly Kept[]): readonly (readonly Kept[])[] => [...Map.groupBy(items, laneOf).values()];

const takeMessage = async ({ store, now, newId, log, channel }: Runtime, message: InboundMessage): Promise<void> => {
  const retentionDays = channel(message.channel)?.retentionDays;
  if (retentionDays === undefined) throw new Error(`channel ${message.channel} is not configured`);
  const recorded = await store.recordInbound({
    message,
    retentionDays,
    now: now(),
    newSessionId: () => `ses_${newId()}`,
  });
  log.count(recorded.isNew ? 'MessagesReceived' : 'DuplicateMessages');
  if (recorded.window === 'opened') log.count('SessionsOpened');
  if (recorded.skewed) log.count('SkewedTimestamps');
};

const takeStatus = async ({ store, log }: Runtime, report: StatusReport): Promise<void> => {
  const { channel, reference, status, atMs, providerMessageId, error } = report;
  const recorded = await store.recordStatus({
    channel,
    reference,
    to: status,
    atMs,
    providerMessageId,
    error: error === undefined ? undefined : { code: error.code, title: error.title },
  });
  if (recorded === 'moved') log.count('StatusesMoved');
  if (recorded === 'unknown_message') log.count('StatusesUnknown');
};

const takeOne = async (runtime: Runtime, account: Account, item: Kept): Promise<boolean> => {
  try {
    await (item.kind === 'message' ? takeMessage(runtime, item.message) : takeStatus(runtime, item.report));
    return true;
  } catch (fault) {
    runtime.log.error('inbound-webhook.item-failed', { account: account.id, kind: item.kind }, fault);
    runtime.log.count('ItemsFailed');
    return false;
  }
};

const noteRest = ({ log }: Runtime, account: Account, items: readonly WebhookItem[]): void => {
  for (const item of items) {
    if (item.kind === 'malformed') {
      log.warn('inbound-webhook.malformed', { account: account.id, reason: item.reason });
      log.count('ItemsMalformed');
    }
    if (item.kind === 'ignored') {
      log.count('ItemsIgnored');
      if (item.reason === 'account_error') log.warn('inbound-webhook.account-error', { account: account.id });
    }
  }
};

/** Takes every update of a webhook, none at the cost of another; answers whether all of them are durable now (R15). */
export const takeItems = async (
  runtime: Runtime,
  account: Account,
  items: readonly WebhookItem[],
): Promise<boolean> => {
  noteRest(runtime, account, items);
  const kept = items.filter((item) => item.kind === 'message' || item.kind === 'status');
  const taken = await pMap(
    toLanes(kept),
    async (lane) => {
      let all = true;
      for (const item of lane) all = (await takeOne(runtime, account, item)) && all;
      return all;
    },
    { concurrency: CONCURRENCY },
  );
  const count = (kind: WebhookItem['kind']) => items.filter((item) => item.kind === kind).length;
  runtime.log.info('inbound-webhook.taken', {
    account: account.id,
    messages: count('message'),
    statuses: count('status'),
    ignored: count('ignored'),
    malformed: count('malformed'),
  });
  return taken.every(Boolean);
};
