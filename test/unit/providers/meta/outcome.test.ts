import { describe, expect, it } from 'vitest';
import { toOutcome } from '../../../../functions/shared/providers/meta/outcome.ts';

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  toOutcome({ kind: 'answered', status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) });
const error = (code: number) => ({ error: { message: `(#${code})`, type: 'OAuthException', code, fbtrace_id: 'x' } });

describe('the outcome of a send', () => {
  it.each([
    ['empty', ''],
    ['not JSON', '<html>'],
    ['null', null],
    ['without messages', { messaging_product: 'whatsapp' }],
    ['without a message', { messages: [] }],
    ['without an id', { messages: [{ message_status: 'accepted' }] }],
    ['with an empty id', { messages: [{ id: '' }] }],
  ])('is in doubt when the answer is %s', (_, body) => {
    expect(answer(200, body)).toMatchObject({ kind: 'in_doubt', error: { code: 'http_200' } });
  });

  it('is sent by the first id of several', () => {
    expect(answer(200, { messages: [{ id: 'a' }, { id: 'b' }] })).toEqual({ kind: 'sent', providerMessageId: 'a' });
  });

  it.each([
    [400, 131047, 'window_closed'],
    [400, 131026, 'never'],
    [400, 100, 'fix_request'],
    [401, 190, 'alert'],
    [403, 131031, 'alert'],
    [500, 3, 'alert'],
    [400, 999_999, 'never'],
  ])('is rejected by HTTP %i with code %i as %s', (status, code, class_) => {
    expect(answer(status, error(code))).toMatchObject({
      kind: 'rejected',
      error: { code: String(code), class: class_ },
    });
  });

  it.each([
    [400, 130429, 'retry_later'],
    [500, 131016, 'retry_now'],
    [503, 2, 'retry_now'],
    [400, 131056, 'retry_later'],
    [500, 131000, 'retry_now'],
  ])('is unavailable by HTTP %i with code %i as %s', (status, code, class_) => {
    expect(answer(status, error(code))).toMatchObject({
      kind: 'unavailable',
      error: { code: String(code), class: class_ },
    });
  });

  it('passes on when to come back', () => {
    expect(answer(429, error(80007), { 'retry-after': '30' })).toMatchObject({ retryAfterSeconds: 30 });
    expect(answer(503, error(2), { 'retry-after': '5' })).toMatchObject({ retryAfterSeconds: 5 });
  });

  it.each([
    ['without a body', '', 'http_429'],
    ['with a code that says nothing of retrying', error(999_999), '999999'],
  ])('is unavailable by HTTP 429 %s', (_, body, code) => {
    expect(answer(429, body)).toMatchObject({ kind: 'unavailable', error: { code, class: 'retry_later' } });
  });

  it.each([500, 502, 503, 504])('is in doubt by HTTP %i without a readable error', (status) => {
    expect(answer(status, '<html>')).toMatchObject({ kind: 'in_doubt', error: { code: `http_${status}` } });
  });

  it.each([301, 302, 307, 400, 401, 403, 404, 413])('is rejected by HTTP %i without a readable error', (status) => {
    expect(answer(status, 'no')).toMatchObject({ kind: 'rejected', error: { code: `http_${status}`, class: 'alert' } });
  });

  it('is in doubt after a time-out, which is never retried', () => {
    expect(toOutcome({ kind: 'unknown', code: 'timeout' })).toMatchObject({
      kind: 'in_doubt',
      error: { code: 'timeout', class: 'never' },
    });
  });

  it('says nothing of the customer, whatever Meta writes', () => {
    const body = { error: { code: 100, message: 'to +4915112345678', error_data: { details: 'Mira Holm: Grüße' } } };

    expect(JSON.stringify(answer(400, body))).not.toMatch(/4915112345678|Mira|Grüße/);
  });
});
