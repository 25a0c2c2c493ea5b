import type { LocalConfig } from '../../../functions/shared/domain/config.ts';
import { json } from '../../../functions/shared/http/respond.ts';
import type { Clock } from '../clock.ts';
import type { LocalEvents } from '../local-events.ts';
import type { NextEvent } from '../next-event.ts';
import type { FrontRoute } from '../route-match.ts';
import type { Simulator } from '../simulator/simulator.ts';
import type { LocalStateStore } from '../state/local-state.ts';
import { clockRoutes } from './clock-routes.ts';
import { eventRoutes } from './event-routes.ts';
import { localRoute } from './local-route.ts';
import { phoneRoutes } from './phone-routes.ts';
import { providerRoutes } from './provider-routes.ts';
import { scenarioRoutes } from './scenario-routes.ts';
import { stateRoutes } from './state-routes.ts';
import { wireRoutes } from './wire-routes.ts';

export interface ControlDeps {
  readonly config: LocalConfig;
  /** The service's origin. */
  readonly url: string;
  readonly clock: Clock;
  readonly simulator: Simulator;
  readonly events: LocalEvents;
  readonly state: LocalStateStore;
  /** Whether the table is active and the first template sync was tried. */
  readonly isReady: () => Promise<boolean>;
  /** Finds what time alone brings about next. */
  readonly findNext: () => Promise<NextEvent | null>;
  /** Runs the scheduled sweep now. */
  readonly sweep: () => Promise<void>;
}

/** What exists in the local run alone: every route under `/_local`. */
export const controlRoutes = (deps: ControlDeps): readonly FrontRoute[] => {
  const { config, url, clock, simulator, events, state, findNext, isReady, sweep } = deps;
  return [
    ...clockRoutes(clock, findNext),
    ...phoneRoutes(simulator, events.drain),
    ...providerRoutes(simulator),
    ...wireRoutes({ simulator, config, now: clock.now }),
    ...scenarioRoutes({ config, url }),
    ...stateRoutes(state),
    ...eventRoutes(events),
    localRoute('POST', 'sweep', async () => {
      await sweep();
      return json(200, { sweptAt: clock.now().toISOString() });
    }),
    localRoute('GET', 'health', async () =>
      (await isReady()) ? json(200, { status: 'ok' }) : json(503, { status: 'not ready' }),
    ),
  ];
};
