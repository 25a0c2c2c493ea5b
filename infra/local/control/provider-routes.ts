import * as z from 'zod';
import type { ProblemDetails } from '../../../functions/shared/http/problem.ts';
import { json } from '../../../functions/shared/http/respond.ts';
import type { FrontRoute } from '../route-match.ts';
import { type Posted, WriteRequest } from '../simulator/customer-messages.ts';
import { FAULT_KINDS } from '../simulator/fault-queue.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { ReportRequest } from '../simulator/status-reports.ts';
import { PROVIDERS } from '../simulator/vendors.ts';
import { localRoute, withBody } from './local-route.ts';

const FaultRequest = z
  .strictObject({
    provider: z.enum(PROVIDERS),
    kind: z.enum(FAULT_KINDS),
    times: z.int().min(1).max(1_000).default(1),
  })
  .refine(({ provider, kind }) => provider === 'meta' || kind !== 'hold_template', {
    path: ['kind'],
    error: 'is what Meta alone does',
  });

/** The limit of the front: a file comes in base64. */
const MAX_WRITE_BYTES = 10 * 1024 * 1024;

const toAnswer = (result: Posted | ProblemDetails) => ('code' in result ? result : json(200, result));

/** A customer writes after the stream has processed what happened before, as in life. */
const writeAfter = (drain: () => Promise<void>, write: Simulator['write']) => async (request: WriteRequest) => {
  await drain();
  return toAnswer(await write(request));
};

export const providerRoutes = (
  { calls, faults, write, report }: Simulator,
  drain: () => Promise<void>,
): readonly FrontRoute[] => {
  const showCalls = () => json(200, { calls: calls.list() });
  const clearCalls = () => {
    calls.clear();
    return showCalls();
  };
  const showFaults = () => json(200, { faults: faults.list() });
  const clearFaults = () => {
    faults.clear();
    return showFaults();
  };
  const queueFault = withBody(FaultRequest, (request) => {
    faults.add(request);
    return json(200, request);
  });
  return [
    localRoute('GET', 'provider/calls', showCalls),
    localRoute('DELETE', 'provider/calls', clearCalls),
    localRoute('POST', 'provider/faults', queueFault),
    localRoute('GET', 'provider/faults', showFaults),
    localRoute('DELETE', 'provider/faults', clearFaults),
    localRoute('POST', 'provider/inbound', withBody(WriteRequest, writeAfter(drain, write), MAX_WRITE_BYTES)),
    localRoute(
      'POST',
      'provider/status',
      withBody(ReportRequest, async (request) => toAnswer(await report(request))),
    ),
  ];
};
