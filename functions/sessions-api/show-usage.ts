import * as z from 'zod';
import { countedMonths, Month, monthOf } from '../shared/domain/usage.ts';
import { toUsageView } from '../shared/domain/usage-view.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import { invalidRequest, parseWith } from '../shared/http/request.ts';
import { json } from '../shared/http/respond.ts';
import { hasFreeService } from '../shared/providers/registry.ts';
import { ofChannel } from './path-parameters.ts';

const CLOSING_WITHIN_SECONDS = 3_600;

/** Without a month, the current one is shown. */
export const UsageQuery = z.object({
  month: z.string().regex(Month, 'must be a calendar month such as 2026-11').optional(),
});

const notStored = (months: readonly string[]): ProblemDetails =>
  invalidRequest([{ path: 'month', message: `is not stored: choose a month from ${months.at(-1)} to ${months[0]}` }])
    .problem;

/** Shows the usage of a channel in a month. */
export const showUsage = ofChannel(async ({ store, now, account }, channel, event) => {
  const query = parseWith(UsageQuery, event.queryStringParameters ?? {});
  if (!query.ok) return query.problem;
  const at = now();
  const current = monthOf(at.getTime());
  const { month = current } = query.value;
  const months = countedMonths(at);
  if (!months.includes(month)) return notStored(months);
  const owner = account(channel.account);
  const closing = { channel: channel.id, now: at, withinSeconds: CLOSING_WITHIN_SECONDS };
  const [figures, windows] = await Promise.all([
    store.readUsage({ channel: channel.id, month }),
    month === current ? store.countClosing(closing) : undefined,
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
