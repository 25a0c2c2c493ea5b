import pMap from 'p-map';
import type { Account } from '../shared/domain/config.ts';
import { customerOf } from '../shared/domain/customer.ts';
import type { WebhookItem } from '../shared/providers/provider.ts';
import type { WebhookRuntime } from './runtime.ts';
import { takeConsent } from './take-consent.ts';
import { takeMessage } from './take-message.ts';
import { takeStatus } from './take-status.ts';
import { takeTemplate } from './take-template.ts';

/** Writes under way at once for one webhook: a batch holds up to 1,000 updates. */
const CONCURRENCY = 32;

type Kept = Extract<WebhookItem, { kind: 'message' | 'status' | 'consent' | 'template' }>;

/** Updates of one customer, and of one template, wait for each other, so that they do not fight over one item. */
const laneOf = (item: Kept): string => {
  switch (item.kind) {
    case 'message':
      return `${item.message.channel} ${customerOf(item.message.identities)}`;
    case 'status':
      return `${item.report.channel} ${item.report.reference ?? item.report.providerMessageId}`;
    case 'consent':
      return `${item.report.channel} ${customerOf(item.report.identities)}`;
    case 'template':
      return `${item.update.name}#${item.update.language}`;
  }
};

const KEPT: readonly string[] = ['message', 'status', 'consent', 'template'] satisfies Kept['kind'][];

const isKept = (item: WebhookItem): item is Kept => KEPT.includes(item.kind);

const toLanes = (items: readonly Kept[]): readonly (readonly Kept[])[] => [...Map.groupBy(items, laneOf).values()];

/** Whose webhook it is, and how logs name it. */
interface Webhook {
  readonly account: Account;
  readonly requestId: string;
}

const take = (runtime: WebhookRuntime, { account, requestId }: Webhook, item: Kept): Promise<void> => {
  switch (item.kind) {
    case 'message':
      return takeMessage(runtime, item.message, requestId);
    case 'status':
      return takeStatus(runtime, item.report);
    case 'consent':
      return takeConsent(runtime, item.report);
    case 'template':
      return takeTemplate(runtime, account, item.update);
  }
};

const takeOne = async (runtime: WebhookRuntime, webhook: Webhook, item: Kept): Promise<boolean> => {
  try {
    await take(runtime, webhook, item);
    return true;
  } catch (fault) {
    runtime.log.error('inbound-webhook.item-failed', { account: webhook.account.id, kind: item.kind }, fault);
    runtime.log.count('ItemsFailed');
    return false;
  }
};

const noteRest = ({ log }: WebhookRuntime, account: Account, items: readonly WebhookItem[]): void => {
  for (const item of items) {
    if (item.kind === 'malformed') {
      log.warn('inbound-webhook.malformed', { account: account.id, reason: item.reason });
      log.count('ItemsMalformed');
    }
    if (item.kind === 'quarantined') {
      log.warn('inbound-webhook.quarantined', { account: account.id, reason: item.reason });
      log.count('ItemsQuarantined');
    }
    if (item.kind === 'ignored') {
      log.count('ItemsIgnored');
      if (item.reason === 'account_error') log.warn('inbound-webhook.account-error', { account: account.id });
    }
  }
};

/** Takes every update of a webhook, none at the cost of another; answers whether all of them are durable now (R15). */
export const takeItems = async (
  runtime: WebhookRuntime,
  webhook: Webhook,
  items: readonly WebhookItem[],
): Promise<boolean> => {
  const { account } = webhook;
  noteRest(runtime, account, items);
  const kept = items.filter(isKept);
  const taken = await pMap(
    toLanes(kept),
    async (lane) => {
      let all = true;
      for (const item of lane) all = (await takeOne(runtime, webhook, item)) && all;
      return all;
    },
    { concurrency: CONCURRENCY },
  );
  const count = (kind: WebhookItem['kind']) => items.filter((item) => item.kind === kind).length;
  runtime.log.info('inbound-webhook.taken', {
    account: account.id,
    messages: count('message'),
    statuses: count('status'),
    consents: count('consent'),
    templates: count('template'),
    ignored: count('ignored'),
    malformed: count('malformed'),
  });
  return taken.every(Boolean);
};
