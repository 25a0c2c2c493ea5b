import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import type { LocalConfig } from '../../../functions/shared/domain/config.ts';
import type { ProblemDetails } from '../../../functions/shared/http/problem.ts';
import type { Outbox, TakenMessage } from './accepted-messages.ts';
import type { Posted } from './customer-messages.ts';
import { metaStatus } from './meta/webhook.ts';
import type { Post } from './post-webhook.ts';
import { isSinchReport, type SinchReport, sinchStatus } from './sinch/webhook.ts';
import { REPORTED_STATUSES, type Report, type SignedWebhook } from './webhook.ts';

/** A provider reports on a message it took, named by its own id or by the service's. */
export const ReportRequest = z.strictObject({
  id: z.string().min(1),
  status: z.enum(REPORTED_STATUSES),
  /** The provider's error code of a failure: a number of Meta's, a word of Sinch's. */
  code: z.union([z.string().min(1), z.int()]).optional(),
  /** Meta's `pricing`, in the place of what it would tell. */
  pricing: z.looseObject({}).optional(),
});
export type ReportRequest = z.infer<typeof ReportRequest>;

export interface Reports {
  readonly report: (request: ReportRequest) => Promise<Posted | ProblemDetails>;
  /** Reports later, as Sinch does, what WhatsApp found wrong. */
  readonly failLater: (message: TakenMessage, failure: SinchReport) => void;
}

export interface ReportsDeps {
  readonly config: LocalConfig;
  readonly outbox: Outbox;
  readonly post: Post;
  readonly now: () => Date;
  readonly stopped: AbortSignal;
}

/** WhatsApp's check takes a moment: the answer to the send is out by then. */
const CHECK_MS = 50;
const REPEAT_MS = [0, 250, 1_000, 4_000];

const noSuchMessage: ProblemDetails = {
  code: 'unknown_message',
  detail: 'The simulated providers took no message of that id.',
};
const noSuchStatus: ProblemDetails = {
  code: 'invalid_request',
  detail: 'status: Sinch reports no such status',
  errors: [{ path: 'status', message: 'Sinch reports no such status' }],
};
const noPricing: ProblemDetails = {
  code: 'invalid_request',
  detail: 'pricing: Sinch tells no price, leave it out',
  errors: [{ path: 'pricing', message: 'Sinch tells no price, leave it out' }],
};

export const createReports = ({ config, outbox, post, now, stopped }: ReportsDeps): Reports => {
  const toWebhook = (message: TakenMessage, report: Report): SignedWebhook | ProblemDetails => {
    const account = config.accounts.find(({ id }) => id === message.account);
    const channel = config.channels.find((candidate) =>
      account?.provider === 'meta' ? candidate.phoneNumberId === message.business : candidate.account === account?.id,
    );
    if (account === undefined || channel === undefined) return noSuchMessage;
    if (account.provider === 'meta')
      return metaStatus({ account, channel, about: { ...message, ...report }, at: now() });
    if (report.pricing !== undefined) return noPricing;
    return isSinchReport(report) ? sinchStatus(account, { ...message, ...report }, now()) : noSuchStatus;
  };

  /** Until the service has taken it, as providers do. */
  const postUntilTaken = async (message: TakenMessage, failure: SinchReport) => {
    await delay(CHECK_MS, undefined, { signal: stopped });
    const webhook = toWebhook(message, failure);
    if ('code' in webhook) return;
    for (const pauseMs of REPEAT_MS) {
      await delay(pauseMs, undefined, { signal: stopped });
      if ((await post(webhook)) === 200) return;
    }
  };

  return {
    report: async ({ id, ...report }) => {
      const message = outbox.find(id);
      if (message === undefined) return noSuchMessage;
      const webhook = toWebhook(message, report);
      if ('code' in webhook) return webhook;
      return { messageId: message.providerMessageId, webhook: { status: await post(webhook) } };
    },
    failLater: (message, failure) => {
      postUntilTaken(message, failure).catch((fault: unknown) => {
        if (!stopped.aborted) console.error(fault);
      });
    },
  };
};
