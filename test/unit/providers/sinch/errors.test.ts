import { describe, expect, it } from 'vitest';
import { REASON_CLASS, toReasonError, toRefusal } from '../../../../functions/shared/providers/sinch/errors.ts';

const REASONS = `UNKNOWN INTERNAL_ERROR RATE_LIMITED RECIPIENT_INVALID_CHANNEL_IDENTITY RECIPIENT_NOT_REACHABLE
RECIPIENT_NOT_OPTED_IN OUTSIDE_ALLOWED_SENDING_WINDOW CHANNEL_FAILURE CHANNEL_BAD_CONFIGURATION
CHANNEL_CONFIGURATION_MISSING MEDIA_TYPE_UNSUPPORTED MEDIA_TOO_LARGE MEDIA_NOT_REACHABLE NO_CHANNELS_LEFT
TEMPLATE_NOT_FOUND TEMPLATE_INSUFFICIENT_PARAMETERS TEMPLATE_NON_EXISTING_LANGUAGE_OR_VERSION DELIVERY_TIMED_OUT
DELIVERY_REJECTED_DUE_TO_POLICY CONTACT_NOT_FOUND BAD_REQUEST UNKNOWN_APP NO_CHANNEL_IDENTITY_FOR_CONTACT CHANNEL_REJECT
NO_PERMISSION NO_PROFILE_AVAILABLE UNSUPPORTED_OPERATION INACTIVE_CREDENTIAL MESSAGE_EXPIRED MESSAGE_SPLIT_REQUIRED
DELIVERY_REPORT_TIME_OUT`.split(/\s+/);

const wrapped = (status: string) => JSON.stringify({ error: { code: 400, message: 'For +4915112345678', status } });
const bare = (status: string) => JSON.stringify({ code: 400, message: 'For +4915112345678', status, details: [] });

/** Every code of the delivery reports, by class. */
const REASON_CLASSES = {
  window_closed: ['OUTSIDE_ALLOWED_SENDING_WINDOW'],
  opted_out: ['RECIPIENT_NOT_OPTED_IN'],
  retry_now: ['INTERNAL_ERROR', 'CHANNEL_FAILURE', 'DELIVERY_TIMED_OUT', 'MESSAGE_EXPIRED'],
  retry_later: ['RATE_LIMITED'],
  fix_request: [
    'RECIPIENT_INVALID_CHANNEL_IDENTITY',
    'MEDIA_TYPE_UNSUPPORTED',
    'MEDIA_TOO_LARGE',
    'MEDIA_NOT_REACHABLE',
    'BAD_REQUEST',
    'CONTACT_NOT_FOUND',
    'NO_CHANNEL_IDENTITY_FOR_CONTACT',
    'UNSUPPORTED_OPERATION',
    'MESSAGE_SPLIT_REQUIRED',
  ],
  fix_template: ['TEMPLATE_NOT_FOUND', 'TEMPLATE_INSUFFICIENT_PARAMETERS', 'TEMPLATE_NON_EXISTING_LANGUAGE_OR_VERSION'],
  never: [
    'UNKNOWN',
    'RECIPIENT_NOT_REACHABLE',
    'NO_CHANNELS_LEFT',
    'DELIVERY_REJECTED_DUE_TO_POLICY',
    'CHANNEL_REJECT',
    'NO_PROFILE_AVAILABLE',
    'DELIVERY_REPORT_TIME_OUT',
  ],
  alert: [
    'CHANNEL_BAD_CONFIGURATION',
    'CHANNEL_CONFIGURATION_MISSING',
    'UNKNOWN_APP',
    'NO_PERMISSION',
    'INACTIVE_CREDENTIAL',
  ],
};

describe('the reason of a failed delivery', () => {
  it.each(Object.entries(REASON_CLASSES))('is of class %s: %j', (errorClass, codes) => {
    expect(codes.map((code) => toReasonError({ code }).class)).toEqual(codes.map(() => errorClass));
  });

  it('has a class in this table for every code that Sinch documents', () => {
    expect(Object.values(REASON_CLASSES).flat().toSorted()).toEqual(REASONS.toSorted());
  });

  it('has a class for every code that Sinch documents', () => {
    expect(Object.keys(REASON_CLASS).toSorted()).toEqual(REASONS.toSorted());
  });

  it.each([
    ['OUTSIDE_ALLOWED_SENDING_WINDOW', 'window_closed', 'Sinch: outside allowed sending window'],
    ['RECIPIENT_NOT_OPTED_IN', 'opted_out', 'Sinch: recipient not opted in'],
    ['RATE_LIMITED', 'retry_later', 'Sinch: rate limited'],
    ['TEMPLATE_NOT_FOUND', 'fix_template', 'Sinch: template not found'],
    ['MEDIA_TOO_LARGE', 'fix_request', 'Sinch: media too large'],
    ['DELIVERY_REPORT_TIME_OUT', 'never', 'Sinch: delivery report time out'],
    ['INACTIVE_CREDENTIAL', 'alert', 'Sinch: inactive credential'],
    ['A_CODE_OF_NEXT_YEAR', 'never', 'Sinch: a code of next year'],
  ])('%s is of class %s', (code, errorClass, title) => {
    expect(toReasonError({ code })).toEqual({ code, title, class: errorClass });
  });

  it.each([undefined, '', 'Number +4915112345678 is blocked', 'toString', 'X'.repeat(65)])(
    'is UNKNOWN for %s: no text of the provider is repeated',
    (reason) => {
      expect(toReasonError(reason === undefined ? undefined : { code: reason })).toEqual({
        code: 'UNKNOWN',
        title: 'Sinch: unknown',
        class: 'never',
      });
    },
  );

  it('window-by-text: is of the window where its description says so', () => {
    const description =
      'The underlying channel reported: Message failed to send because more than 24 hours have passed since the customer last replied';

    expect(toReasonError({ code: 'CHANNEL_FAILURE', description })).toMatchObject({
      code: 'CHANNEL_FAILURE',
      class: 'window_closed',
    });
  });
});

describe('the refusal in an answer', () => {
  it.each([
    [400, 'INVALID_REQUEST', 'fix_request'],
    [400, 'INVALID_ARGUMENT', 'fix_request'],
    [400, 'OUTSIDE_ALLOWED_SENDING_WINDOW', 'window_closed'],
    [401, 'UNAUTHENTICATED', 'alert'],
    [403, 'UNAUTHORIZED', 'alert'],
    [403, 'BILLING_CREDIT_LIMIT_BREACHED', 'alert'],
    [404, 'NOT_FOUND', 'alert'],
    [408, 'REQUEST_TIMEOUT', 'retry_now'],
    [429, 'RESOURCE_EXHAUSTED', 'retry_later'],
    [500, 'UNAVAILABLE', 'retry_now'],
    [501, 'UNIMPLEMENTED', 'never'],
    [503, 'UNAVAILABLE', 'retry_now'],
    [503, 'INTERNAL', 'retry_now'],
  ])('%i %s is of class %s, wrapped or not, without the provider’s text', (http, status, errorClass) => {
    const error = { code: status, title: `Sinch: ${status.toLowerCase().replaceAll('_', ' ')}`, class: errorClass };

    expect(toRefusal(http, wrapped(status))).toEqual(error);
    expect(toRefusal(http, bare(status))).toEqual(error);
  });

  it.each([
    [500, wrapped('INTERNAL')],
    [500, wrapped('INTERNAL_ERROR')],
    [502, bare('UNKNOWN')],
    [504, bare('DEADLINE_EXCEEDED')],
    [500, ''],
    [503, '<html>Service Unavailable</html>'],
    [503, '{"message":"Service Unavailable"}'],
    [502, 'null'],
  ])('is absent in %i %s: the message may have been taken', (http, body) => {
    expect(toRefusal(http, body)).toBeUndefined();
  });

  it.each([
    [400, '', 'fix_request'],
    [403, '<html>', 'alert'],
    [413, '{"message":"too long"}', 'fix_request'],
    [429, 'slow down', 'retry_later'],
    [307, '', 'alert'],
  ])('is read off the status %i when the body %j says nothing', (http, body, errorClass) => {
    expect(toRefusal(http, body)).toEqual({ code: `http_${http}`, title: `Sinch: http ${http}`, class: errorClass });
  });

  it('is named by its HTTP status when Sinch gives a number alone', () => {
    expect(toRefusal(503, '{"error":{"code":503}}')).toMatchObject({ code: 'http_503', class: 'retry_now' });
  });
});
