import type { components } from './openapi.ts';

export type Problem = components['schemas']['Problem'];

/** A refusal of the service, with the code and the next action for programs. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  readonly problem: Problem;
  readonly response: Response;

  constructor(problem: Problem, response: Response) {
    super(`${problem.code}: ${problem.detail}`);
    this.problem = problem;
    this.response = response;
  }
}

/** An answer of API Gateway itself: no token, no permission, too many calls, or no answer of the service in time. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly response: Response;

  constructor(response: Response) {
    super(`API Gateway answers ${response.status}`);
    this.response = response;
  }
}

/** What a method of the client resolves to. */
export interface Answered<Data> {
  readonly data?: Data | undefined;
  readonly error?: unknown;
  readonly response: Response;
}

const isProblem = (error: unknown): error is Problem => typeof error === 'object' && error !== null && 'code' in error;

/** Resolves to the data of a call; throws a {@link ProblemError} or a {@link GatewayError}. */
export const unwrap = async <Data>(answered: Promise<Answered<Data>>): Promise<Data> => {
  const { data, error, response } = await answered;
  if (response.ok && data !== undefined) return data;
  throw isProblem(error) ? new ProblemError(error, response) : new GatewayError(response);
};
