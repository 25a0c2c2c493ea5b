import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { createLambda, toCleanFault } from '../../../functions/shared/runtime/lambda.ts';

const PHONE = '+4915900424242';
const Env = z.object({ STAGE: z.string() });

/** A fault of an SDK: it quotes its request in its message, its own properties and its cause. */
const aVerboseFault = () =>
  Object.assign(new RangeError(`no item for ${PHONE}\n${PHONE}`, { cause: new Error(PHONE) }), {
    CancellationReasons: [{ Item: { pk: PHONE } }],
    code: PHONE,
  });

/** What Lambda's runtime client prints of an error and sends to the runtime API (aws-lambda-ric 3.3.0, Errors.js). */
const printed = (fault: unknown): string => {
  if (!(fault instanceof Error)) return String(fault);
  const { name, message, stack = '' } = fault;
  return JSON.stringify(Object.assign({ errorType: name, errorMessage: message, trace: stack.split('\n') }, fault));
};

const escapedFrom = async (invoke: () => Promise<unknown>): Promise<string> => {
  try {
    await invoke();
  } catch (fault) {
    return printed(fault);
  }
  throw new Error('nothing escaped');
};

describe('a Lambda', () => {
  const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;
  const listeners = EVENTS.map((event) => [event, process.rawListeners(event)] as const);
  beforeEach(() => {
    vi.stubEnv('STAGE', 'production');
    for (const event of EVENTS) process.removeAllListeners(event);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    for (const [event, before] of listeners) {
      process.removeAllListeners(event);
      for (const listener of before) process.on(event, (...context) => Reflect.apply(listener, process, context));
    }
  });

  it('hands its environment to the handler, and the answer to the caller', async () => {
    const handler = createLambda(
      'sessions-api',
      Env,
      ({ STAGE }) =>
        async (event: string) =>
          `${STAGE} ${event}`,
    );

    expect(await handler('asked')).toBe('production asked');
  });

  it.each([
    ['an error', aVerboseFault()],
    ['a text', PHONE],
    ['an object', { message: PHONE }],
    ['a rejection of the schema', z.literal('a').safeParse(PHONE).error],
  ])('lets nothing of %s escape but its kind and place', async (_, fault) => {
    const handler = createLambda('sessions-api', Env, () => () => Promise.reject(fault));

    const text = await escapedFrom(() => handler({}));
    expect(text).toContain(fault instanceof Error ? fault.name : typeof fault);
    expect(text).not.toContain(PHONE);
  });

  it('keeps the place of the fault', async () => {
    const handler = createLambda('sessions-api', Env, () => () => Promise.reject(aVerboseFault()));

    expect(await escapedFrom(() => handler({}))).toMatch(/RangeError.*lambda\.test\.ts:\d+/);
  });

  it('starts with a clean fault too', () => {
    const start = () =>
      createLambda('sessions-api', Env, () => {
        throw aVerboseFault();
      });

    expect(start).toThrow('the function failed');
    expect(start).not.toThrow(PHONE);
  });

  it('fails to start without its stage', () => {
    vi.stubEnv('STAGE', undefined);

    expect(() => createLambda('sessions-api', Env, () => async () => 1)).toThrow('the function failed');
  });

  it.each(EVENTS)('shows the listeners of the runtime client a clean fault on %s', (event) => {
    const seen: unknown[] = [];
    process.on(event, (...context: unknown[]) => seen.push(...context));
    createLambda('sessions-api', Env, () => async () => 1);

    const fault = aVerboseFault();
    for (const listener of process.rawListeners(event)) Reflect.apply(listener, process, [fault, 'unhandledRejection']);

    expect(seen).toHaveLength(1);
    expect(printed(seen[0])).toContain('RangeError');
    expect(printed(seen[0])).not.toContain(PHONE);
  });
});

describe('a clean fault', () => {
  it('has no property but its name, message and stack', () => {
    expect(Object.getOwnPropertyNames(toCleanFault(aVerboseFault())).toSorted()).toEqual(['message', 'name', 'stack']);
  });
});
