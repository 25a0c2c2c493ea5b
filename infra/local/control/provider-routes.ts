import * as z from 'zod';
import { json } from '../../../functions/shared/http/respond.ts';
import type { FrontRoute } from '../route-match.ts';
import { FAULT_KINDS } from '../simulator/fault-queue.ts';
import type { Simulator } from '../simulator/simulator.ts';
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

/** What the simulated providers received, and how they fail. */
export const providerRoutes = ({ calls, faults }: Simulator): readonly FrontRoute[] => {
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
  ];
};
