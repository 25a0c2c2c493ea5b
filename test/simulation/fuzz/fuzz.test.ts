import { expect, it } from 'vitest';
import { fuzz } from './fuzz.ts';

it('accepts no forged webhook and fails for no input, however webhooks and calls are changed', async () => {
  const { answers, faults } = await fuzz(1, 20_000);

  expect(faults.slice(0, 1)).toEqual([]);
  for (const status of [200, 400, 401]) expect(answers.get(status)).toBeGreaterThan(100);
}, 600_000);
