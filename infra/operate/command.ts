import { parseArgs } from 'node:util';
import * as z from 'zod';

/** Why a command cannot run, in a sentence for the operator. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}

/**
 * Reads the options of a command line, each with a text: `--stage production`.
 *
 * @throws an OperatorError that names those there are.
 */
export const readOptions = <Name extends string>(
  args: readonly string[],
  ...names: readonly Name[]
): Readonly<Partial<Record<Name, string>>> => {
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' } as const]));
    const { values } = parseArgs({ args: [...args], options });
    return z.partialRecord(z.enum(names), z.string()).parse(values);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : '';
    throw new OperatorError(`${reason}. There is ${names.map((name) => `--${name}`).join(' and ')}`, { cause });
  }
};

const explain = (error: unknown): string => {
  if (error instanceof OperatorError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
};

/** Runs a command; where it cannot, it says why in a sentence and ends with exit code 1. */
export const runCommand = (command: () => Promise<void>): void => {
  command().catch((error: unknown) => {
    console.error(explain(error));
    process.exitCode = 1;
  });
};
