import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergedOwner, type OwnerRecord, reportedOwner } from '../../functions/shared/domain/owner.ts';
import type { Session } from '../../functions/shared/domain/window.ts';

const DAY = 86_400;
const NAMES = [0, 1, 2] as const;
const session: Session = { sessionId: 'ses_1', openedAt: 0, lastInboundAt: 0, expiresAt: DAY, phase: 'open' };

/** A caller takes the conversation as a person, or a webhook says who answers. */
const word = fc.record({
  name: fc.constantFrom(...NAMES),
  kind: fc.constantFrom('person', 'meta_agent', 'phone_app', 'app'),
});
type Word = typeof word extends fc.Arbitrary<infer Value> ? Value : never;

/** The last word under each name, of words that come one a second. */
const ownersAfter = (words: readonly Word[]): readonly OwnerRecord[] => {
  const owners = new Map<number, OwnerRecord>();
  for (const [second, { name, kind }] of words.entries()) {
    const atMs = (second + 1) * 1000;
    const before = owners.get(name);
    const after =
      kind === 'person'
        ? ({ kind, since: atMs } as const)
        : reportedOwner(before, { kind, atMs }, { session, now: new Date(atMs) });
    if (after !== undefined) owners.set(name, after);
  }
  return [...owners.values()];
};

describe('the owner of a person known by several names', () => {
  it('is a person where one took the conversation under any of them, as if all had come under one', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const apart = mergedOwner(ownersAfter(words));
        const [together] = ownersAfter(words.map((one) => ({ ...one, name: 0 })));

        expect(apart?.kind === 'person').toBe(together?.kind === 'person');
        expect(apart === undefined).toBe(words.length === 0);
      }),
    );
  });

  it('is the same in any order of the names', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const owners = ownersAfter(words);

        expect(mergedOwner(owners.toReversed())).toEqual(mergedOwner(owners));
      }),
    );
  });
});
