import type * as z from 'zod';
import { createLog, describeFault, type Log } from './log.ts';

/** The process events on which Lambda's runtime client prints a fault. */
const ESCAPES = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * A fault as it may leave the function: its name and stack frames alone. Lambda's runtime client prints the message, the
 * stack and every own property of an error that escapes, and those of an SDK quote items, requests and URLs (R16).
 */
export const toCleanFault = (fault: unknown): Error => {
  const { error, at } = describeFault(fault);
  const clean = new Error('the function failed');
  clean.name = error;
  clean.stack = [`${error}: ${clean.message}`, ...at.map((frame) => `    ${frame}`)].join('\n');
  return clean;
};

/** Lets the runtime client's own listeners see clean faults only. */
const cleanEscapes = (): void => {
  for (const event of ESCAPES) {
    const listeners = process.rawListeners(event);
    process.removeAllListeners(event);
    // The rejected promise is left out, since it contains the fault too.
    for (const listener of listeners)
      process.on(event, (fault: unknown) => Reflect.apply(listener, process, [toCleanFault(fault)]));
  }
};

/**
 * Creates the handler of a Lambda from its environment. Whatever it throws, when it starts and when it is invoked,
 * escapes as a fault without a message of its own.
 */
export const createLambda = <Env extends z.ZodType<{ readonly STAGE: string }>, Event, Result>(
  service: string,
  schema: Env,
  create: (env: z.output<Env>, log: Log) => (event: Event) => Promise<Result>,
): ((event: Event) => Promise<Result>) => {
  cleanEscapes();
  try {
    const env = schema.parse(process.env);
    const handle = create(env, createLog(service, env.STAGE));
    return async (event) => {
      try {
        return await handle(event);
      } catch (fault) {
        throw toCleanFault(fault);
      }
    };
  } catch (fault) {
    throw toCleanFault(fault);
  }
};
