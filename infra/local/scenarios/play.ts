import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Answer,
  type Call,
  type Expected,
  type PlayedStep,
  type Player,
  type Proof,
  type Scenario,
  StepFailed,
} from './scenario.ts';

/** A scenario as far as it was played. */
export interface ScenarioRun {
  readonly channel: string;
  readonly customer: string;
  readonly state: 'running' | 'passed' | 'failed';
  readonly steps: readonly PlayedStep[];
  readonly proven: readonly Proof[];
}

export interface PlayOptions {
  readonly channel: string;
  readonly provider: string;
  /** The service's origin. */
  readonly url: string;
  /** A pause after each step, for those who watch. */
  readonly paceMs: number;
  /** Called with each state of the run. */
  readonly onChange: (run: ScenarioRun) => void;
}

const callService = async (url: string, { method, path, body, headers }: Call): Promise<Answer> => {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...headers, connection: 'close' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
};

const fits = ({ status, body = {} }: Expected, answer: Answer): boolean => {
  const given = new Map(Object.entries(answer.body ?? {}));
  return answer.status === status && Object.entries(body).every(([name, value]) => given.get(name) === value);
};

/** A number that no one has, of a range for fiction. */
const newCustomer = (): string => `+1555${String(randomInt(10 ** 6, 10 ** 7))}`;

const timed = async <T>(play: () => Promise<T>) => {
  const startedMs = performance.now();
  const result = await play();
  return { result, milliseconds: Math.round(performance.now() - startedMs) };
};

const createPlayer = (options: PlayOptions) => {
  const { url, channel, provider, paceMs, onChange } = options;
  let run: ScenarioRun = { channel, customer: newCustomer(), state: 'running', steps: [], proven: [] };
  const change = (changed: Partial<ScenarioRun>) => {
    run = { ...run, ...changed };
    onChange(run);
  };
  const player: Player = {
    channel,
    provider,
    customer: run.customer,
    step: async (says, call, expected) => {
      const { result: answer, milliseconds } = await timed(() => callService(url, call));
      const isAsExpected = fits(expected, answer);
      change({ steps: [...run.steps, { says, call, expected, answer, isAsExpected, milliseconds }] });
      if (!isAsExpected) throw new StepFailed(says);
      await delay(paceMs);
      return answer;
    },
    atOnce: async (says, call, times) => {
      const { result: answers, milliseconds } = await timed(() =>
        Promise.all(Array.from({ length: times }, () => callService(url, call))),
      );
      const statuses = answers.map(({ status }) => status).toSorted((one, other) => one - other);
      const answer = { status: statuses[0] ?? 0, body: { statuses } };
      change({ steps: [...run.steps, { says, call, expected: answer, answer, isAsExpected: true, milliseconds }] });
      await delay(paceMs);
      return answers;
    },
    prove: (says, isProven) => change({ proven: [...run.proven, { says, isProven }] }),
  };
  return { player, change, current: () => run };
};

/** Plays a scenario over the service's own API; ends at the first step that is not as expected. */
export const playScenario = async ({ play }: Scenario, options: PlayOptions): Promise<ScenarioRun> => {
  const { player, change, current } = createPlayer(options);
  try {
    await play(player);
    change({ state: current().proven.every(({ isProven }) => isProven) ? 'passed' : 'failed' });
  } catch (error) {
    change({ state: 'failed' });
    if (!(error instanceof StepFailed)) throw error;
  }
  return current();
};
