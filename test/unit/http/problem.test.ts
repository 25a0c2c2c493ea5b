import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { toWindowView } from '../../../functions/shared/domain/window-view.ts';
import { Problem, type ProblemCode, type ProblemDetails, problem } from '../../../functions/shared/http/problem.ts';
import { aCustomer, facts } from '../../support/builders.ts';

const answer = (details: ProblemDetails) => {
  const { statusCode, headers, body } = problem(details, 'request-1');
  return { statusCode, headers, body: z.record(z.string(), z.unknown()).parse(JSON.parse(body ?? '')) };
};

/** The table of refusals, as the design states it. */
const TABLE: readonly (readonly [status: number, code: ProblemCode, nextAction: string])[] = [
  [400, 'invalid_request', 'fix_request'],
  [401, 'invalid_signature', 'none'],
  [403, 'invalid_verify_token', 'fix_request'],
  [404, 'unknown_channel', 'fix_request'],
  [404, 'unknown_message', 'fix_request'],
  [404, 'unknown_account', 'fix_request'],
  [404, 'unknown_route', 'fix_request'],
  [405, 'method_not_allowed', 'fix_request'],
  [413, 'body_too_large', 'fix_request'],
  [415, 'unsupported_encoding', 'fix_request'],
  [409, 'window_closed', 'send_template'],
  [409, 'not_opted_in', 'collect_opt_in'],
  [409, 'opted_out', 'none'],
  [409, 'reengagement_used', 'wait_for_customer'],
  [409, 'provider_window_closed', 'send_template'],
  [422, 'unsupported_by_provider', 'fix_request'],
  [502, 'provider_rejected', 'none'],
  [503, 'provider_unavailable', 'retry_later'],
  [503, 'provider_rate_limited', 'retry_later'],
  [500, 'internal', 'retry_later'],
];

describe('a problem answer', () => {
  it.each(TABLE)('%i %s → %s', (status, code, nextAction) => {
    const { statusCode, headers, body } = answer({ code, detail: 'Because.' });

    expect(statusCode).toBe(status);
    expect(headers).toEqual({ 'content-type': 'application/problem+json' });
    expect(body).toEqual({
      type: `urn:carewindow:problem:${code}`,
      title: expect.stringMatching(/\S/),
      status,
      detail: 'Because.',
      code,
      nextAction,
      requestId: 'request-1',
    });
  });

  it('carries what helps to go on, and only that', () => {
    const session = toWindowView('support', { customer: aCustomer(), names: [] }, facts({ session: undefined }));

    const { body } = answer({
      code: 'window_closed',
      nextAction: 'collect_opt_in',
      detail: 'Because.',
      session,
      errors: [{ path: 'to', message: 'is odd' }],
      id: 'msg_1',
    });

    expect(body).toMatchObject({
      code: 'window_closed',
      nextAction: 'collect_opt_in',
      session: { state: 'closed', remainingSeconds: 0 },
      errors: [{ path: 'to', message: 'is odd' }],
      id: 'msg_1',
    });
    expect(Object.keys(body)).not.toContain('provider');
  });

  it('names the code and title of the provider', () => {
    const provider = { code: '131051', title: 'Unsupported message type' };

    expect(
      answer({ code: 'provider_rejected', nextAction: 'fix_request', detail: 'No.', provider }).body,
    ).toMatchObject({
      nextAction: 'fix_request',
      provider,
    });
  });

  it('says when to come back in a header and not in the body', () => {
    const { headers, body } = answer({ code: 'provider_rate_limited', detail: 'Later.', retryAfterSeconds: 0 });

    expect(headers).toMatchObject({ 'retry-after': '0' });
    expect(body).not.toHaveProperty('retryAfterSeconds');
  });

  it('is of the documented shape', () => {
    const session = toWindowView('support', { customer: aCustomer(), names: [] }, facts());
    const { body } = answer({ code: 'window_closed', detail: 'Because.', session });

    expect(Problem.strict().parse(body)).toEqual(body);
  });
});
