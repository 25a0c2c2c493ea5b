import pMap from 'p-map';
import * as z from 'zod';
import type { Account } from '../domain/config.ts';
import { customerOf } from '../domain/customer.ts';
import type { WebhookItem } from '../providers/provider.ts';
import { recordConsent } from './record-consent.ts';
import { recordEcho } from './record-echo.ts';
import { recordMessage } from './record-message.ts';
import { recordStatus } from './record-status.ts';
import { recordTemplate } from './record-template.ts';
import { recordUnplaced } from './record-unplaced.ts';
import type { InboundRuntime } from './store.ts';
import type { Webhook } from './webhook.ts';

/** Concurrent writes for one webhook: a batch has up to 1,000 items. */
const CONCURRENCY = 32;

type RecordedItem = Exclude<WebhookItem, { kind: 'ignored' | 'account_error' }>;

/** An item to record, and its place in the webhook. */
interface Placed {
  readonly item: RecordedItem;
  readonly position: number;
}

const isRecorded = (item: WebhookItem): item is RecordedItem =>
  item.kind !== 'ignored' && item.kind !== 'account_error';

/** Items of one customer, message or template are recorded in order, so that they never contend for one table item. */
const orderingKey = (item: RecordedItem): string => {
  switch (item.kind) {
    case 'message':
    case 'echo':
      return `${item.message.channel} ${customerOf(item.message.identities)}`;
    case 'status':
      return `${item.report.channel} ${item.report.reference ?? item.report.providerMessageId}`;
    case 'consent':
      return `${item.report.channel} ${customerOf(item.report.identities)}`;
    case 'template':
      return `${item.update.name}#${item.update.language}`;
    case 'malformed':
    case 'quarantined':
      return item.kind;
  }
};

const recordItem = (runtime: InboundRuntime, webhook: Webhook, { item, position }: Placed): Promise<void> => {
  const { requestId } = webhook;
  switch (item.kind) {
    case 'message':
      return recordMessage(runtime, item.message, { requestId, position });
    case 'echo':
      return recordEcho(runtime, item.message, { requestId, position });
    case 'status':
      return recordStatus(runtime, webhook, item.report);
    case 'consent':
      return recordConsent(runtime, webhook, item.report);
    case 'template':
      return recordTemplate(runtime, webhook.account, item.update);
    case 'malformed':
    case 'quarantined':
      return recordUnplaced(runtime, webhook, item);
  }
};

const isStored = async (runtime: InboundRuntime, webhook: Webhook, placed: Placed): Promise<boolean> => {
  try {
    await recordItem(runtime, webhook, placed);
    return true;
  } catch (fault) {
    runtime.log.error('inbound-webhook.item-failed', { account: webhook.account.id, kind: placed.item.kind }, fault);
    runtime.log.count('ItemsFailed');
    if (fault instanceof z.ZodError) runtime.log.count('ItemsUnreadable');
    return false;
  }
};

const areStoredInOrder = async (
  runtime: InboundRuntime,
  webhook: Webhook,
  items: readonly Placed[],
): Promise<boolean> => {
  let areStored = true;
  for (const item of items) areStored = (await isStored(runtime, webhook, item)) && areStored;
  return areStored;
};

/** Counts what leaves no record, and logs errors of the account. */
const reportUnrecorded = ({ log }: InboundRuntime, account: Account, items: readonly WebhookItem[]): void => {
  for (const item of items) {
    if (item.kind === 'ignored') log.count('ItemsIgnored');
    if (item.kind !== 'account_error') continue;
    const { code: provider, class: class_ } = item.error;
    log.warn('inbound-webhook.account-error', { account: account.id, provider, class: class_ });
    log.count('AccountErrors');
  }
};

/** Records every item of a webhook, even when others fail; resolves to whether all of them are durable (R15). */
export const recordItems = async (
  runtime: InboundRuntime,
  webhook: Webhook,
  items: readonly WebhookItem[],
): Promise<boolean> => {
  const { account } = webhook;
  reportUnrecorded(runtime, account, items);
  const placed = items.flatMap((item, position): readonly Placed[] => (isRecorded(item) ? [{ item, position }] : []));
  const groups = Map.groupBy(placed, ({ item }) => orderingKey(item));
  const stored = await pMap(groups.values(), (group) => areStoredInOrder(runtime, webhook, group), {
    concurrency: CONCURRENCY,
  });
  const count = (kind: WebhookItem['kind']) => items.filter((item) => item.kind === kind).length;
  runtime.log.info('inbound-webhook.taken', {
    account: account.id,
    messages: count('message'),
    echoes: count('echo'),
    statuses: count('status'),
    consents: count('consent'),
    templates: count('template'),
    ignored: count('ignored'),
    malformed: count('malformed'),
  });
  return stored.every(Boolean);
};
