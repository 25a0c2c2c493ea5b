import { expect, it } from 'vitest';
import { playHistories } from './many-histories.ts';

it('keeps the rules in days of several people, with faults, and comes to rest without them', async () => {
  const { failure, never } = await playHistories(1, 130);

  expect(failure).toBeUndefined();
  expect(never).toEqual([]);
}, 600_000);
