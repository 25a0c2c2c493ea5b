import * as z from 'zod';
import type { HttpEvent } from '../../../functions/shared/http/handler.ts';
import { parseWith } from '../../../functions/shared/http/request.ts';
import { json } from '../../../functions/shared/http/respond.ts';
import type { FrontRoute } from '../route-match.ts';
import { FAULT_KINDS } from '../simulator/fault-queue.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { PROVIDERS } from '../simulator/vendors.ts';
import { WEBHOOK_FAULT_KINDS } from '../simulator/webhook-fault.ts';
import { localRoute, withBody } from './local-route.ts';

const FaultKind = z.enum([...FAULT_KINDS, ...WEBHOOK_FAULT_KINDS]);
const FaultPath = z.object({ provider: z.enum(PROVIDERS), kind: FaultKind });

/** Sinch and AWS post each update alone, and hold no template. */
const OF_META: readonly z.infer<typeof FaultKind>[] = ['hold_template', 'webhook_batch'];

const FaultRequest = z
  .strictObject({
    provider: z.enum(PROVIDERS),
    kind: FaultKind,
    times: z.int().min(1).max(1_000).default(1),
    /** How late a webhook is, by the service's clock. @default - a minute */
    seconds: z.int().min(1).max(604_800).optional(),
  })
  .refine(({ provider, kind }) => provider === 'meta' || !OF_META.includes(kind), {
    path: ['kind'],
    error: 'is what Meta alone does',
  })
  .refine(({ kind, seconds }) => kind === 'webhook_late' || seconds === undefined, {
    path: ['seconds'],
    error: 'is for webhook_late alone',
  });

/** What the simulated providers received, and how they fail. */
export const providerRoutes = ({ calls, faults }: Simulator): readonly FrontRoute[] => {
  const showCalls = () => json(200, { calls: calls.list() });
  const clearCalls = () => {
    calls.clear();
    return showCalls();
  };
  const showFaults = () => json(200, { faults: faults.list(), held: faults.held() });
  const clearFaults = async () => {
    await faults.remove(() => true);
    return showFaults();
  };
  const endFault = async ({ pathParameters = {} }: HttpEvent) => {
    const parsed = parseWith(FaultPath, pathParameters);
    if (!parsed.ok) return parsed.problem;
    const { provider, kind } = parsed.value;
    await faults.remove((fault) => fault.provider === provider && fault.kind === kind);
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
    localRoute('DELETE', 'provider/faults/{provider}/{kind}', endFault),
  ];
};
