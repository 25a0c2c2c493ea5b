import type { HeldWebhooks, HeldWebhooksDeps } from './held-webhooks.ts';
import type { Outgoing, PostedWebhook, PostWebhook } from './post-webhook.ts';
import { vendorOf } from './vendors.ts';
import type { PendingFaults, WebhookFault, WebhookFaultKind } from './webhook-fault.ts';

/** How late a webhook is where the fault does not say it. */
const LATE_SECONDS = 60;

export interface FaultyPostDeps extends HeldWebhooksDeps {
  readonly pending: PendingFaults;
  readonly held: HeldWebhooks;
}

const hold = ({ held }: FaultyPostDeps, outgoing: Outgoing, kind: WebhookFaultKind): PostedWebhook => {
  held.hold({ outgoing, kind });
  return { status: null, heldBy: kind };
};

/** Posts what was gathered in one body, once the last one has come. */
const gather = async (deps: FaultyPostDeps, outgoing: Outgoing): Promise<PostedWebhook> => {
  const { account, webhook } = outgoing;
  const { pending, held, send, now } = deps;
  if (pending.next(account.provider)?.kind === 'webhook_batch') return hold(deps, outgoing, 'webhook_batch');
  const vendor = vendorOf(account.provider);
  const gathered = held.take(account.id, 'webhook_batch').map((one) => one.webhook.body);
  const body = vendor.merge === undefined ? webhook.body : vendor.merge([...gathered, webhook.body]);
  return { status: await send(vendor.sign({ account, now: now() }, body)) };
};

const postWith = async (
  deps: FaultyPostDeps,
  outgoing: Outgoing,
  fault: WebhookFault | undefined,
): Promise<PostedWebhook> => {
  const { held, send, now } = deps;
  switch (fault?.kind) {
    case undefined:
      return { status: await send(outgoing.webhook) };
    case 'webhook_duplicate':
      await send(outgoing.webhook);
      return { status: await send(outgoing.webhook) };
    case 'webhook_late':
      held.hold({ outgoing, kind: fault.kind, dueAtMs: now().getTime() + (fault.seconds ?? LATE_SECONDS) * 1000 });
      return { status: null, heldBy: fault.kind };
    case 'webhook_reordered':
      return hold(deps, outgoing, fault.kind);
    case 'webhook_batch':
      return gather(deps, outgoing);
  }
};

/** Posts each webhook as the next fault of its provider has it. */
export const createFaultyPost =
  (deps: FaultyPostDeps): PostWebhook =>
  async (outgoing) => {
    const { pending, held, send } = deps;
    const { id, provider } = outgoing.account;
    const posted = await postWith(deps, outgoing, pending.take(provider));
    const earlier = posted.status === null ? [] : held.take(id, 'webhook_reordered');
    for (const { webhook } of earlier) await send(webhook);
    return posted;
  };
