import * as z from 'zod';
import { json } from '../../../functions/shared/http/respond.ts';
import type { Clock } from '../clock.ts';
import type { NextEvent } from '../next-event.ts';
import type { FrontRoute } from '../route-match.ts';
import { localRoute, withBody } from './local-route.ts';

/** A hundred years either way, well within the range of a `Date`. */
const MAX_ADVANCE_SECONDS = 3_155_760_000;

const ClockRequest = z
  .strictObject({
    now: z.iso.datetime({ offset: true }).optional(),
    advanceSeconds: z.number().min(-MAX_ADVANCE_SECONDS).max(MAX_ADVANCE_SECONDS).optional(),
    reset: z.literal(true).optional(),
  })
  .refine((request) => Object.keys(request).length === 1, 'give one of now, advanceSeconds and reset');

const change = (clock: Clock, { now, advanceSeconds }: z.infer<typeof ClockRequest>): void => {
  if (now !== undefined) clock.set(new Date(now));
  else if (advanceSeconds !== undefined) clock.advance(advanceSeconds);
  else clock.reset();
};

/** The service's clock, and what time alone brings about next. */
export const clockRoutes = (clock: Clock, findNext: () => Promise<NextEvent | null>): readonly FrontRoute[] => {
  const show = () => json(200, { now: clock.now().toISOString() });
  return [
    localRoute('GET', 'clock', show),
    localRoute('GET', 'clock/next', async () => json(200, { now: clock.now().toISOString(), next: await findNext() })),
    localRoute(
      'POST',
      'clock',
      withBody(ClockRequest, (request) => {
        change(clock, request);
        return show();
      }),
    ),
  ];
};
