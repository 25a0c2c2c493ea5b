import { describe, expect, it } from 'vitest';
import { json, serve } from '../../../functions/shared/http/respond.ts';
import type { Log } from '../../../functions/shared/runtime/log.ts';
import { anEvent } from '../../support/events.ts';

/** A log that remembers what was said, in order. */
const aLog = () => {
  const lines: unknown[][] = [];
  const say =
    (method: string) =>
    (...said: unknown[]) => {
      lines.push([method, ...said]);
    };
  const log: Log = {
    begin: say('begin'),
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
    count: say('count'),
    gauge: say('gauge'),
    end: say('end'),
  };
  return { log, lines };
};

describe('serving a request', () => {
  it('answers what the handler answers', async () => {
    const { log, lines } = aLog();

    const response = await serve(log, async () => json(201, { id: 'msg_1' }))(anEvent('POST /v1/messages'));

    expect(response).toEqual({
      statusCode: 201,
      headers: { 'content-type': 'application/json' },
      body: '{"id":"msg_1"}',
    });
    expect(lines).toEqual([['begin', 'request-1'], ['end']]);
  });

  it('turns a refusal into a problem answer', async () => {
    const { log } = aLog();

    const response = await serve(log, async () => ({ code: 'unknown_channel', detail: 'No.' }))(
      anEvent('POST /v1/messages'),
    );

    expect(response.statusCode).toBe(404);
    expect(JSON.parse(response.body ?? '')).toMatchObject({ code: 'unknown_channel', requestId: 'request-1' });
  });

  it('turns a fault into a 500 that tells nothing of it, and logs it by its route', async () => {
    const { log, lines } = aLog();
    const fault = new Error('no answer for +15550783881');

    const response = await serve(log, () => Promise.reject(fault))(anEvent('POST /v1/messages'));

    expect(response.statusCode).toBe(500);
    expect(JSON.parse(response.body ?? '')).toMatchObject({ code: 'internal', nextAction: 'retry_later' });
    expect(response.body).not.toContain('15550783881');
    expect(lines).toEqual([
      ['begin', 'request-1'],
      ['error', 'http.failed', { route: 'POST /v1/messages' }, fault],
      ['end'],
    ]);
  });

  it('also takes a fault that is thrown before anything is awaited', async () => {
    const { log } = aLog();
    const handler = serve(log, () => {
      throw new TypeError('at once');
    });

    expect((await handler(anEvent('POST /v1/messages'))).statusCode).toBe(500);
  });
});
