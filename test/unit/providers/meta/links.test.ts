import { describe, expect, it } from 'vitest';
import { nameChangeOf } from '../../../../functions/shared/providers/meta/links.ts';

const OLD = '4915112345678';
const NEW = '4915199999999';
const [number, other] = [
  { name: `+${OLD}`, kind: 'wa_id' },
  { name: `+${NEW}`, kind: 'wa_id' },
];
const user = (name: string) => ({ name, kind: 'user_id' });
const aChange = (system: object, from?: string) => ({ timestamp: 1_790_000_000, type: 'system', from, system });

describe('a change of names', () => {
  it.each([
    ['number alone', aChange({ type: 'user_changed_number', wa_id: NEW }, OLD), { names: [other], replaced: [number] }],
    [
      'number and user id',
      aChange({ type: 'user_changed_number', wa_id: NEW, user_id: 'DE.2', previous_user_id: 'DE.1' }, OLD),
      { names: [other, user('DE.2')], replaced: [number, user('DE.1')] },
    ],
    [
      'user id alone',
      aChange({ type: 'user_changed_user_id', user_id: 'DE.2', previous_user_id: 'DE.1' }),
      { names: [user('DE.2')], replaced: [user('DE.1')] },
    ],
    [
      'user id, with the number that stays',
      aChange({ type: 'user_changed_user_id', user_id: 'DE.2', previous_user_id: 'DE.1' }, OLD),
      { names: [number, user('DE.2')], replaced: [user('DE.1')] },
    ],
  ])('of %s says which replace which', (_, message, change) => {
    expect(nameChangeOf(message)).toEqual({ ...change, at: 1_790_000_000, learnedFrom: 'system' });
  });

  it.each([
    ['another event', aChange({ type: 'customer_identity_changed', wa_id: NEW }, OLD)],
    ['no new name', aChange({ type: 'user_changed_number' }, OLD)],
    ['no old name', aChange({ type: 'user_changed_number', wa_id: NEW })],
    ['a name that stays', aChange({ type: 'user_changed_number', wa_id: OLD }, OLD)],
    ['names that cannot be read', aChange({ type: 'user_changed_number', wa_id: 7 }, OLD)],
  ])('is none with %s', (_, message) => {
    expect(nameChangeOf(message)).toBeUndefined();
  });
});
