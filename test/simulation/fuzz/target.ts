import type { Random } from './mutate.ts';

/** What an input led to. */
export interface Outcome {
  /** The status of an answer, or what became of a message of a queue. */
  readonly answer: number | string;
  /** Why it must not be so. */
  readonly fault?: string | undefined;
}

export interface Input {
  /** What the input is, as a report shows it. */
  readonly text: string;
  readonly bytes: number;
  /** Hands the input to the service; the same input can be handed over again. */
  readonly send: () => Promise<unknown>;
  /** Judges what {@link send} gave. */
  readonly judge: (sent: unknown) => Outcome;
}

/** What takes inputs from outside: a route, a queue, the answers of a provider. */
export interface Target {
  readonly name: string;
  readonly make: (random: Random) => Input;
}
