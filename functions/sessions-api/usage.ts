import * as z from 'zod';
import { countedMonths, Month, monthOf } from '../shared/domain/usage.ts';
import { toUsageView } from '../shared/domain/usage-view.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import { invalidRequest, parseWith } from '../shared/http/request.ts';
import { json } from '../shared/http/respond.ts';
import { hasFreeService } from '../shared/providers/registry.ts';
import { ofChannel } from './addressed.ts';

/** Windows that end within this time are worth an answer now. */
const CLOSING_WITHIN_SECONDS = 3_600;

/** Query of the usage: the running month when it names none. */
export const UsageQuery = z.object({
  month: z.string().regex(Month, 'is a calendar month such as 2026-11').optional(),
});

const notKept = (months: readonly string[]): ProblemDetails =>
  invalidRequest([{ path: 'month', message: `is not kept: ask for one from ${months.at(-1)} to ${months[0]}` }])
    .problem;

/** Shows the usage of a channel in a month. */
export const showUsage = ofChannel(async ({ store, now, account }, channel, event) => {
  const query = parseWith(UsageQuery, event.queryStringParameters ?? {});
  if (!query.ok) return query.problem;
  const at = now();
  const running = monthOf(at.getTime());
  const { month = running } = query.value;
  const months = countedMonths(at);
  if (!months.includes(month)) return notKept(months);
  const owner = account(channel.account);
  const closing = { channel: channel.id, now: at, withinSeconds: CLOSING_WITHIN_SECONDS };
  const [figures, windows] = await Promise.all([
    store.readUsage({ channel: channel.id, month }),
    month === running ? store.countClosing(closing) : undefined,
  ]);
  return json(
    200,
    toUsageView({
      channel: channel.id,
      month,
      hasFreeService: owner !== undefined && hasFreeService(owner),
      prices: channel.prices,
      figures,
      now: at,
      closing: windows === undefined ? undefined : { withinSeconds: CLOSING_WITHIN_SECONDS, windows },
    }),
  );
});
