import * as z from 'zod';
import type { HttpEvent, HttpHandler, HttpResponse } from '../../functions/shared/http/handler.ts';
import { type ProblemDetails, problem } from '../../functions/shared/http/problem.ts';
import { parseBody } from '../../functions/shared/http/request.ts';
import { json } from '../../functions/shared/http/respond.ts';
import type { Clock } from './clock.ts';
import type { LocalBus } from './local-bus.ts';
import type { FrontRoute } from './route-match.ts';
import { type Posted, WriteRequest } from './simulator/customer-messages.ts';
import { FAULT_KINDS } from './simulator/fault-queue.ts';
import type { Simulator } from './simulator/simulator.ts';
import { ReportRequest } from './simulator/status-reports.ts';

export interface ControlDeps {
  readonly clock: Clock;
  readonly simulator: Simulator;
  readonly events: Pick<LocalBus, 'list' | 'clear'> & {
    /** Whether the local engine has streams at all. */
    readonly hasStream: boolean;
    /** Resolves once everything that was written before has become an event. */
    readonly upToDate: () => Promise<void>;
  };
  /** Whether the table stands and the first template sync was tried. */
  readonly isReady: () => Promise<boolean>;
  /** Runs the scheduled sweep now. */
  readonly sweep: () => Promise<void>;
}

type Answer = HttpResponse | ProblemDetails;

/** A hundred years either way: what a `Date` holds for certain. */
const MAX_ADVANCE_SECONDS = 3_155_760_000;

const ClockRequest = z
  .strictObject({
    now: z.iso.datetime({ offset: true }).optional(),
    advanceSeconds: z.number().min(-MAX_ADVANCE_SECONDS).max(MAX_ADVANCE_SECONDS).optional(),
    reset: z.literal(true).optional(),
  })
  .refine((request) => Object.keys(request).length === 1, 'give one of now, advanceSeconds and reset');

const FaultRequest = z.strictObject({
  provider: z.enum(['meta', 'sinch']),
  kind: z.enum(FAULT_KINDS),
  times: z.int().min(1).max(1_000).default(1),
});

const move = (clock: Clock, { now, advanceSeconds }: z.infer<typeof ClockRequest>): void => {
  if (now !== undefined) clock.set(new Date(now));
  else if (advanceSeconds !== undefined) clock.advance(advanceSeconds);
  else clock.reset();
};

/** Runs the action on a checked body, or says what is wrong with it. */
const onBody =
  <S extends z.ZodType>(schema: S, act: (request: z.infer<S>) => Answer | Promise<Answer>) =>
  async (event: HttpEvent): Promise<Answer> => {
    const parsed = parseBody(schema, event);
    return parsed.ok ? act(parsed.value) : parsed.problem;
  };

const answering =
  (answer: (event: HttpEvent) => Promise<Answer>): HttpHandler =>
  async (event) => {
    const result = await answer(event);
    return 'code' in result ? problem(result, event.requestContext.requestId) : result;
  };

const toAnswer = (result: Posted | ProblemDetails): Answer => ('code' in result ? result : json(200, result));

const route = (method: string, path: string, answer: (event: HttpEvent) => Promise<Answer>): FrontRoute => ({
  method,
  path: `/_local/${path}`,
  handler: answering(answer),
});

const clockRoutes = (clock: Clock): readonly FrontRoute[] => {
  const show = () => json(200, { now: clock.now().toISOString() });
  const change = onBody(ClockRequest, (request) => {
    move(clock, request);
    return show();
  });
  return [route('GET', 'clock', async () => show()), route('POST', 'clock', change)];
};

const providerRoutes = ({ calls, faults, write, report }: Simulator): readonly FrontRoute[] => {
  const show = () => json(200, { calls: calls.list() });
  const clear = async () => {
    calls.clear();
    return show();
  };
  const addFault = onBody(FaultRequest, (request) => {
    faults[request.provider].add(request.kind, request.times);
    return json(200, request);
  });
  return [
    route('GET', 'provider/calls', async () => show()),
    route('DELETE', 'provider/calls', clear),
    route('POST', 'provider/faults', addFault),
    route(
      'POST',
      'provider/inbound',
      onBody(WriteRequest, async (request) => toAnswer(await write(request))),
    ),
    route(
      'POST',
      'provider/status',
      onBody(ReportRequest, async (request) => toAnswer(await report(request))),
    ),
  ];
};

const NO_STREAM: ProblemDetails = {
  code: 'internal',
  detail: 'This DynamoDB has no streams: events are shown with DynamoDB Local, which needs Java.',
};

const eventRoutes = ({ list, clear, hasStream, upToDate }: ControlDeps['events']): readonly FrontRoute[] => {
  const show = async () => {
    await upToDate();
    return hasStream ? json(200, { events: list() }) : NO_STREAM;
  };
  const empty = async () => {
    await upToDate();
    clear();
    return show();
  };
  return [route('GET', 'events', show), route('DELETE', 'events', empty)];
};

/** The local run's own calls: its clock, its simulated providers, its events, the sweep, its health. Never deployed. */
export const controlRoutes = ({ clock, simulator, events, isReady, sweep }: ControlDeps): readonly FrontRoute[] => [
  ...clockRoutes(clock),
  ...providerRoutes(simulator),
  ...eventRoutes(events),
  route('POST', 'sweep', async () => {
    await sweep();
    return json(200, { sweptAt: clock.now().toISOString() });
  }),
  route('GET', 'health', async () =>
    (await isReady()) ? json(200, { status: 'ok' }) : json(503, { status: 'not ready' }),
  ),
];
