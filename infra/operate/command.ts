import { parseArgs } from 'node:util';
import * as z from 'zod';

/** A command cannot run; the message tells the operator why and what to do. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}

/** The help of a command was requested: its text is printed, and nothing else happens. */
class HelpRequested extends Error {
  override readonly name = 'HelpRequested';
}

/** Throws the help for `--help` and `-h`; `runCommand` prints it. */
export const offerHelp = (args: readonly string[], help: string): void => {
  if (args.includes('--help') || args.includes('-h')) throw new HelpRequested(help);
};

/**
 * Parses command-line options with a value, such as `--stage production`.
 *
 * @throws an OperatorError that names the known options.
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
    const known = names.map((name) => `--${name}`).join(' and ');
    throw new OperatorError(`${reason}. The options are ${known}; --help explains them`, { cause });
  }
};

const messageOf = (error: unknown): string => {
  if (error instanceof OperatorError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
};

/** Runs a command; an error is printed in one line and sets exit code 1. */
export const runCommand = (command: () => Promise<void>): void => {
  command().catch((error: unknown) => {
    if (error instanceof HelpRequested) {
      console.log(error.message);
      return;
    }
    console.error(messageOf(error));
    process.exitCode = 1;
  });
};
