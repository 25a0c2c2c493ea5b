/** One call of the service's API or of the local control. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the service answered; `body` is the parsed JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** What a step must answer: the status, and the fields of the body that are named. */
export interface Expected {
  readonly status: number;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** One step that was played, and how it came out. */
export interface PlayedStep {
  readonly says: string;
  readonly call: Call;
  readonly expected: Expected;
  readonly answer: Answer;
  readonly isAsExpected: boolean;
  readonly milliseconds: number;
}

/** A sentence, and whether what happened bears it out. */
export interface Proof {
  readonly says: string;
  readonly isProven: boolean;
}

/** What a scenario plays with. */
export interface Player {
  readonly channel: string;
  readonly provider: string;
  /** A customer who is new in each run. */
  readonly customer: string;
  /** @throws StepFailed when the answer is not as expected: what follows would prove nothing */
  readonly step: (says: string, call: Call, expected: Expected) => Promise<Answer>;
  /** The same call so many times at once. */
  readonly atOnce: (says: string, call: Call, times: number) => Promise<readonly Answer[]>;
  readonly prove: (says: string, isProven: boolean) => void;
}

/** A story that plays itself. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** What is to be seen, in one sentence. */
  readonly about: string;
  readonly play: (player: Player) => Promise<void>;
}

/** A step was answered otherwise than expected. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
}
