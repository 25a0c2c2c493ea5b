import { OperatorError } from './outputs.ts';

const explain = (error: unknown): string => {
  if (error instanceof OperatorError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
};

/** Runs a command; where it cannot, it says why in a sentence and ends with exit code 1. */
export const obey = (command: () => Promise<void>): void => {
  command().catch((error: unknown) => {
    console.error(explain(error));
    process.exitCode = 1;
  });
};
