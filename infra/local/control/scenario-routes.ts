import * as z from 'zod';
import type { LocalConfig } from '../../../functions/shared/domain/config.ts';
import type { HttpEvent } from '../../../functions/shared/http/handler.ts';
import { invalidRequest, parseBody } from '../../../functions/shared/http/request.ts';
import { json } from '../../../functions/shared/http/respond.ts';
import type { FrontRoute } from '../route-match.ts';
import { fridayToMonday } from '../scenarios/friday-to-monday.ts';
import { lostAnswer } from '../scenarios/lost-answer.ts';
import { playScenario, type ScenarioRun } from '../scenarios/play.ts';
import { stop } from '../scenarios/stop.ts';
import { twentyAgents } from '../scenarios/twenty-agents.ts';
import { localRoute } from './local-route.ts';

const SCENARIOS = [fridayToMonday, stop, lostAnswer, twentyAgents];

const PlayRequest = z.strictObject({
  channel: z.string().min(1),
  paceMs: z.int().min(0).max(5_000).default(0),
});

export interface ScenarioRoutesDeps {
  readonly config: LocalConfig;
  /** The service's origin. */
  readonly url: string;
}

const refuse = (path: string, message: string) => invalidRequest([{ path, message }]).problem;

/** The stories that play themselves, each with its last run. */
export const scenarioRoutes = ({ config, url }: ScenarioRoutesDeps): readonly FrontRoute[] => {
  const runs = new Map<string, ScenarioRun>();
  const show = () =>
    json(200, {
      scenarios: SCENARIOS.map(({ name, title, about }) => ({ name, title, about, run: runs.get(name) ?? null })),
    });
  const play = async (event: HttpEvent) => {
    const scenario = SCENARIOS.find(({ name }) => name === event.pathParameters?.['name']);
    if (scenario === undefined) return refuse('name', `is not one of: ${SCENARIOS.map(({ name }) => name).join(', ')}`);
    const request = parseBody(PlayRequest, event);
    if (!request.ok) return request.problem;
    const { channel, paceMs } = request.value;
    const found = config.channels.find(({ id }) => id === channel);
    const account = config.accounts.find(({ id }) => id === found?.account);
    if (account === undefined)
      return refuse('channel', `is not one of: ${config.channels.map(({ id }) => id).join(', ')}`);
    if ([...runs.values()].some(({ state }) => state === 'running'))
      return refuse('name', 'cannot be played while another scenario plays: both move the clock');
    const { provider } = account;
    const onChange = (run: ScenarioRun) => runs.set(scenario.name, run);
    return json(200, await playScenario(scenario, { channel, provider, url, paceMs, onChange }));
  };
  return [localRoute('GET', 'scenarios', show), localRoute('POST', 'scenarios/{name}', play)];
};
