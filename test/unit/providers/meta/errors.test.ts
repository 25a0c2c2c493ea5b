import { describe, expect, it } from 'vitest';
import { toProviderError } from '../../../../functions/shared/providers/meta/errors.ts';
import { type ErrorClass, NEXT_ACTION } from '../../../../functions/shared/providers/provider.ts';

const classOf = (code: number | string) => toProviderError({ code }).class;
const titleOf = (message: string) => toProviderError({ code: 999_999, message }).title;

const TABLE: readonly [ErrorClass, readonly number[]][] = [
  ['window_closed', [470, 131047]],
  ['opted_out', [131050]],
  ['retry_now', [1, 2, 131000, 131016, 131057, 133004]],
  ['retry_later', [4, 80007, 80008, 130429, 131056]],
  ['never', [130403, 130472, 131026, 131036, 131049]],
  ['fix_request', [100, 131008, 131009, 131021, 131051, 131052, 131053, 131062, 135000]],
  ['fix_template', [132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018, 132068, 132069]],
  [
    'alert',
    [
      0, 3, 10, 33, 190, 200, 250, 299, 368, 130497, 131005, 131030, 131031, 131035, 131037, 131042, 131045, 131048,
      131063, 131064, 133010, 133015, 139200,
    ],
  ],
];

describe('an error of Meta', () => {
  it.each(TABLE)('is of class %s: %j', (class_, codes) => {
    expect(codes.map(classOf)).toEqual(codes.map(() => class_));
  });

  it('has our own title where its code is documented, whatever Meta says', () => {
    const error = toProviderError({ code: 131026, title: 'Undeliverable to 4915112345678', message: '(#131026) x' });

    expect(error).toEqual({
      code: '131026',
      title: 'The message cannot be delivered to this customer',
      class: 'never',
    });
  });

  it('is known by its code as a text too', () => {
    expect(classOf('131047')).toBe('window_closed');
  });

  it.each([199, 300, 999_999, -1, 'constructor', 'OAuthException'])('is never retried blindly: %s', (code) => {
    expect(toProviderError({ code, title: 'Something new' })).toEqual({
      code: String(code),
      title: 'Something new',
      class: 'never',
    });
  });

  it.each([4_915_112_345_678, '+4915112345678', 'Where is my order?'])(
    'has no code where it gives none: %s',
    (code) => {
      expect(toProviderError({ code })).toEqual({ code: 'unknown', title: 'Unknown error', class: 'never' });
    },
  );

  it('is shown without numbers that may be personal, and not at any length', () => {
    expect(titleOf('(#999999) +4915112345678 is not in v26')).toBe('(#999999) +… is not in v26');
    expect(titleOf('x'.repeat(1_000))).toHaveLength(200);
  });

  it('keeps codes of Meta in its title, but no number in groups', () => {
    const message = 'Code 999999, see (#2494191) and 131030, for +1 (555) 123-0310 or 4915112345678';

    expect(titleOf(message)).toBe('Code 999999, see (#2494191) and 131030, for +… or …');
  });

  it('account-errors: has one that asks for a fix of the account', () => {
    for (const code of [131030, 131037, 131045, 133015])
      expect(NEXT_ACTION[classOf(code)], String(code)).toBe('fix_account');
    expect(NEXT_ACTION[classOf(135000)]).toBe('fix_request');
  });

  it.each([33, '33'])('account-errors: is the account’s where code 100 comes with subcode %s', (error_subcode) => {
    expect(toProviderError({ code: 100, error_subcode, message: 'Unsupported post request.' }).class).toBe('alert');
    expect(toProviderError({ code: 100, message: 'Unsupported post request.' }).class).toBe('fix_request');
  });

  it.each([
    'Cannot send non-template messages outside the 24-hour window.',
    'Message failed to send because more than 24 hours have passed since the customer last replied to this number.',
    'This message is sent outside of allowed window.',
    'The 24 hour customer care window has expired',
  ])('window-by-text: is of the window where a text says so: %s', (text) => {
    const errors = [{ message: text }, { title: text }, { error_data: { details: text } }];

    for (const error of errors)
      expect(toProviderError({ code: 100, ...error })).toEqual({
        code: '100',
        title: 'The 24-hour window is closed, by the text of the error',
        class: 'window_closed',
      });
  });

  it.each([
    [80007, 'Too many messages in a 24-hour window', 'retry_later'],
    [132015, 'The template is paused in this 24-hour window', 'fix_template'],
    [131049, 'Do not send again within 24 hours', 'never'],
  ])('is not of the window for naming another period of 24 hours: %i', (code, message, class_) => {
    expect(toProviderError({ code, message }).class).toBe(class_);
  });

  it('has a title even where Meta gives none', () => {
    expect(toProviderError({ code: 999_999 }).title).toBe('Unknown error');
  });
});
