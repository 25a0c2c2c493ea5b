import { expect, it } from 'vitest';
import { fuzz } from './fuzz.ts';
import { OPERATIONS } from './operations.ts';

it('accepts nothing forged or invalid, fails for no input, and spends no more on one than on others like it', async () => {
  const { answers, faults, slow } = await fuzz(1, 20_000);

  expect(faults.slice(0, 1)).toEqual([]);
  expect(slow.slice(0, 1)).toEqual([]);
  expect([...answers.keys()]).toEqual(expect.arrayContaining(OPERATIONS.map(({ routeKey }) => routeKey)));
  for (const of of ['signed and forged webhooks', 'POST /v1/messages', 'PUT /v1/channels/{channel}/consents'])
    for (const isAccepted of [true, false]) {
      const counted = [...(answers.get(of) ?? [])].filter(([status]) => Number(status) < 300 === isAccepted);
      expect(
        counted.reduce((sum, [, times]) => sum + times, 0),
        of,
      ).toBeGreaterThan(20);
    }
}, 600_000);
