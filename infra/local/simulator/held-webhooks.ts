import type { Outgoing, SendWebhook } from './post-webhook.ts';
import type { ProviderName } from './vendor.ts';
import { vendorOf } from './vendors.ts';
import type { WebhookFaultKind } from './webhook-fault.ts';

interface Held {
  readonly outgoing: Outgoing;
  readonly kind: WebhookFaultKind;
  /** When it is posted, by the service's clock; without it, with or after another webhook. */
  readonly dueAtMs?: number | undefined;
}

/** A webhook that a fault holds back. */
export interface HeldWebhook {
  readonly provider: ProviderName;
  readonly kind: WebhookFaultKind;
  /** ISO 8601, UTC; absent where it waits for another webhook. */
  readonly until?: string | undefined;
}

export interface HeldWebhooksDeps {
  readonly send: SendWebhook;
  readonly now: () => Date;
}

/** How often it is checked whether a late webhook is due. */
const POLL_MS = 100;

const isOf = ({ outgoing, kind }: Held, wanted: { readonly account: string; readonly kind: WebhookFaultKind }) =>
  outgoing.account.id === wanted.account && kind === wanted.kind;

/** The webhooks that faults hold back; one that is late is posted when the service's clock has reached its time. */
export const createHeldWebhooks = ({ send, now }: HeldWebhooksDeps) => {
  let held: readonly Held[] = [];
  const take = (isTaken: (one: Held) => boolean): readonly Outgoing[] => {
    const taken = held.filter(isTaken);
    held = held.filter((one) => !taken.includes(one));
    return taken.map(({ outgoing }) => outgoing);
  };
  /** Signed again, at the time at which it is posted. */
  const release = async (isReleased: (one: Held) => boolean): Promise<void> => {
    for (const { account, webhook } of take(isReleased))
      await send(vendorOf(account.provider).sign({ account, now: now() }, webhook.body));
  };
  const isDue = ({ dueAtMs }: Held) => dueAtMs !== undefined && dueAtMs <= now().getTime();
  // The service stops while a webhook is being posted.
  const poll = setInterval(() => void release(isDue).catch(() => undefined), POLL_MS).unref();
  return {
    hold: (one: Held): void => {
      held = [...held, one];
    },
    /** Removes what a fault holds back of an account, in its order. */
    take: (account: string, kind: WebhookFaultKind) => take((one) => isOf(one, { account, kind })),
    /** Posts what matches. */
    release: (matches: (held: HeldWebhook) => boolean) =>
      release(({ outgoing, kind }) => matches({ provider: outgoing.account.provider, kind })),
    list: (): readonly HeldWebhook[] =>
      held.map(({ outgoing, kind, dueAtMs }) => ({
        provider: outgoing.account.provider,
        kind,
        until: dueAtMs === undefined ? undefined : new Date(dueAtMs).toISOString(),
      })),
    stop: () => clearInterval(poll),
  };
};
export type HeldWebhooks = ReturnType<typeof createHeldWebhooks>;
