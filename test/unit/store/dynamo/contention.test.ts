import { describe, expect, it } from 'vitest';
import { Contended, retryUnderContention } from '../../../../functions/shared/store/dynamo/contention.ts';

const LIMITS = { maxAttempts: 3, pauseMs: 1 };

/** An attempt that others prevent so many times. */
const contendedTimes = (times: number, reason: string | Error) => {
  let attempts = 0;
  return {
    attempts: () => attempts,
    attempt: async () => {
      attempts += 1;
      return attempts <= times ? new Contended(reason) : 'done';
    },
  };
};

describe('a retry under contention', () => {
  it('repeats the attempt until it succeeds', async () => {
    const { attempt, attempts } = contendedTimes(2, 'the item was changed');

    expect(await retryUnderContention(LIMITS, attempt)).toBe('done');
    expect(attempts()).toBe(3);
  });

  it('gives up after the last attempt and says how often it tried', async () => {
    const { attempt, attempts } = contendedTimes(3, 'the item was changed');

    await expect(retryUnderContention(LIMITS, attempt)).rejects.toThrow('the item was changed in each of 3 attempts');
    expect(attempts()).toBe(3);
  });

  it('throws the error that prevented the last attempt', async () => {
    const conflict = new Error('conflict');

    await expect(retryUnderContention(LIMITS, contendedTimes(3, conflict).attempt)).rejects.toBe(conflict);
  });

  it('does not repeat an attempt that throws', async () => {
    let attempts = 0;
    const broken = async () => {
      attempts += 1;
      throw new Error('broken');
    };

    await expect(retryUnderContention(LIMITS, broken)).rejects.toThrow('broken');
    expect(attempts).toBe(1);
  });
});
