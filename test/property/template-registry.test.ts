import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TEMPLATE_FACTS } from '../../functions/shared/domain/template-entry.ts';
import { secondsAfterNoon } from '../support/arrivals.ts';
import { aTableInMemory } from '../support/table.ts';
import { aTemplate } from '../support/template-parts.ts';

const VALUES = {
  status: ['APPROVED', 'PAUSED', 'REJECTED'],
  category: ['UTILITY', 'MARKETING'],
  quality: ['GREEN', 'RED'],
  components: [[{ type: 'BODY', text: 'one' }], [{ type: 'BODY', text: 'two {{1}}' }]],
  ttlSeconds: [60, 43_200],
} as const;

/** What happened at the provider, second by second: a fact changed, which its webhook tells, or it was asked for its list. */
const happening = fc.oneof(
  fc
    .constantFrom(...TEMPLATE_FACTS)
    .chain((fact) => fc.constantFrom(...VALUES[fact]).map((value) => ({ kind: 'change' as const, fact, value }))),
  fc.constant({ kind: 'asked' as const }),
);

/** The words that reach the service, with their time, and the truth they tell of. */
const toWords = (happenings: readonly (typeof happening extends fc.Arbitrary<infer T> ? T : never)[]) => {
  let truth = aTemplate({ quality: 'GREEN', components: [{ type: 'BODY', text: 'one' }] });
  const words = happenings.map((one, index) => {
    if (one.kind === 'change') truth = { ...truth, [one.fact]: one.value };
    return { ...one, second: index + 1, listed: truth };
  });
  return { words, truth };
};

let accounts = 0;

describe('webhooks and syncs', () => {
  it('lead to the newest word on every fact in any order, however often each comes', async () => {
    const table = aTableInMemory();
    const first = aTemplate({ quality: 'GREEN', components: [{ type: 'BODY', text: 'one' }] });
    await fc.assert(
      fc.asyncProperty(
        fc
          .array(happening, { minLength: 1, maxLength: 7 })
          .map(toWords)
          .chain(({ words, truth }) =>
            fc.record({
              truth: fc.constant(truth),
              arrivals: fc
                .subarray(words)
                .chain((again) =>
                  fc.shuffledSubarray([...words, ...again], { minLength: words.length + again.length }),
                ),
            }),
          ),
        async ({ truth, arrivals }) => {
          accounts += 1;
          const account = `account-${accounts}`;
          await table.store.replaceTemplates({ account, templates: [first], askedAt: secondsAfterNoon(0) });

          for (const word of arrivals) {
            const at = secondsAfterNoon(word.second);
            if (word.kind === 'asked')
              await table.store.replaceTemplates({ account, templates: [word.listed], askedAt: at });
            else
              await table.store.updateTemplate({
                account,
                name: first.name,
                language: first.language,
                change: { [word.fact]: word.value },
                atMs: at.getTime(),
                arrivedAtMs: secondsAfterNoon(86_400).getTime(),
              });
          }

          const { templates } = await table.store.listTemplates({ account, limit: 10 });
          expect(templates).toEqual([{ ...truth, version: expect.any(Number) }]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
