import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import type { LocalConfig } from '../../../functions/shared/domain/config.ts';
import type { ProblemDetails } from '../../../functions/shared/http/problem.ts';
import type { Parsed } from '../../../functions/shared/http/request.ts';
import type { AcceptedMessage, AcceptedMessages } from './accepted-messages.ts';
import type { Posted } from './customer-messages.ts';
import type { Outgoing, PostWebhook } from './post-webhook.ts';
import { vendorOf } from './vendors.ts';
import { REPORTED_STATUSES, type StatusReport } from './webhook.ts';

/** A provider reports on a message that it accepted; `id` is its own or the service's. */
export const ReportRequest = z.strictObject({
  id: z.string().min(1),
  status: z.enum(REPORTED_STATUSES),
  /** The provider's error code of a failure: a number at Meta, a word at Sinch. */
  code: z.union([z.string().min(1), z.int()]).optional(),
  /** Meta's `pricing`, in place of the simulator's own. */
  pricing: z.looseObject({}).optional(),
});
export type ReportRequest = z.infer<typeof ReportRequest>;

export interface StatusReports {
  readonly report: (request: ReportRequest) => Promise<Posted | ProblemDetails>;
  /** Reports after the send was answered; repeats the webhook until the service answers 200. */
  readonly reportLater: (message: AcceptedMessage, report: StatusReport) => void;
}

export interface StatusReportsDeps {
  readonly config: LocalConfig;
  readonly accepted: AcceptedMessages;
  readonly post: PostWebhook;
  readonly now: () => Date;
  readonly stopped: AbortSignal;
}

/** Long enough for the send to be answered first. */
const REPORT_DELAY_MS = 50;
const RETRY_DELAYS_MS = [0, 250, 1_000, 4_000];

const unknownMessage: ProblemDetails = {
  code: 'unknown_message',
  detail: 'The simulated providers accepted no message of that id.',
};

export const createStatusReports = ({ config, accepted, post, now, stopped }: StatusReportsDeps): StatusReports => {
  const toWebhook = (message: AcceptedMessage, report: StatusReport): Parsed<Outgoing> => {
    const channel = config.channels.find(({ id }) => id === message.channel);
    const account = config.accounts.find(({ id }) => id === channel?.account);
    if (channel === undefined || account === undefined) return { ok: false, problem: unknownMessage };
    const made = vendorOf(account.provider).statusWebhook({ account, channel, now: now() }, message, report);
    return made.ok ? { ok: true, value: { account, webhook: made.value } } : made;
  };

  const postUntilAccepted = async (message: AcceptedMessage, report: StatusReport) => {
    await delay(REPORT_DELAY_MS, undefined, { signal: stopped });
    const made = toWebhook(message, report);
    if (!made.ok) return;
    accepted.setStatus(message, report.status);
    for (const delayMs of RETRY_DELAYS_MS) {
      await delay(delayMs, undefined, { signal: stopped });
      const { status } = await post(made.value);
      if (status === 200 || status === null) return;
    }
  };

  return {
    report: async ({ id, ...report }) => {
      const message = accepted.find(id);
      if (message === undefined) return unknownMessage;
      const made = toWebhook(message, report);
      if (!made.ok) return made.problem;
      accepted.setStatus(message, report.status);
      return { messageId: message.providerMessageId, webhook: await post(made.value) };
    },
    reportLater: (message, report) => {
      postUntilAccepted(message, report).catch((fault: unknown) => {
        if (!stopped.aborted) console.error(fault);
      });
    },
  };
};
