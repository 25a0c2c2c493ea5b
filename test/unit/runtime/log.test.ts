import { describe, expect, it } from 'vitest';
import { createLog } from '../../../functions/shared/runtime/log.ts';
import { captureOutput } from '../../support/output.ts';

/** Runs a scene and returns what the process wrote. */
const captured = (scene: (log: ReturnType<typeof createLog>) => void) => {
  const output = captureOutput();
  scene(createLog('outbound-send', 'production'));
  return output();
};

const FIELDS = { route: 'POST /v1/messages' };
const PHONE = '+15550783881';

const faultOf = (fault: unknown) => captured((log) => log.error('http.failed', FIELDS, fault));

const metricsOf = (scene: Parameters<typeof captured>[0]) => captured(scene).lines.filter((line) => '_aws' in line);

describe('a log line', () => {
  it('carries its code, its fields, the service and the request', () => {
    const { lines } = captured((log) => {
      log.begin('request-1');
      log.info('outbound-send.refused', { channel: 'support', code: 'window_closed' });
    });

    expect(lines).toEqual([
      expect.objectContaining({
        level: 'INFO',
        message: 'outbound-send.refused',
        service: 'outbound-send',
        requestId: 'request-1',
        channel: 'support',
        code: 'window_closed',
      }),
    ]);
  });

  it('carries the id of the current request, not of the one before', () => {
    const { lines } = captured((log) => {
      log.begin('request-1');
      log.end();
      log.begin('request-2');
      log.warn('inbound-webhook.malformed', { account: 'care-meta', reason: 'no time' });
    });

    expect(lines.map(({ requestId }) => requestId)).toEqual(['request-2']);
  });
});

describe('a logged fault', () => {
  it('is logged by its name and stack frames', () => {
    const { lines } = faultOf(new TypeError('cannot read'));

    expect(lines).toEqual([
      expect.objectContaining({
        level: 'ERROR',
        message: 'http.failed',
        route: 'POST /v1/messages',
        error: 'TypeError',
        at: expect.arrayContaining([expect.stringMatching(/^at .*log\.test\.ts:\d+:\d+\)?$/)]),
      }),
    ]);
  });

  it('carries the name of its cause', () => {
    const { lines } = faultOf(new Error('failed', { cause: new RangeError('inner') }));

    expect(lines).toEqual([expect.objectContaining({ error: 'Error', cause: 'RangeError' })]);
  });

  it.each([
    { fact: 'a message', fault: new Error(`no answer for ${PHONE}`) },
    { fact: 'a message of several lines', fault: new Error(`no answer\nfor ${PHONE}`) },
    { fact: 'a message that looks like a stack', fault: new Error(`no answer\n    at ${PHONE} (care.ts:1:1)`) },
    { fact: 'a cause', fault: new Error('failed', { cause: new Error(`no answer for ${PHONE}`) }) },
    { fact: 'a cause that is a string', fault: new Error('failed', { cause: PHONE }) },
    { fact: 'own properties', fault: Object.assign(new Error('failed'), { to: PHONE, $metadata: { to: PHONE } }) },
    { fact: 'errors of its own', fault: new AggregateError([new Error(PHONE)], PHONE) },
    { fact: 'a thrown string', fault: PHONE },
    { fact: 'a thrown object', fault: { message: PHONE, stack: `Error: ${PHONE}\n    at ${PHONE}` } },
  ])('logs nothing of $fact', ({ fault }) => {
    const { text, lines } = faultOf(fault);

    expect(lines).toHaveLength(1);
    expect(text).not.toContain('5550783881');
  });

  it('logs nothing of a text that is not JSON', () => {
    let fault: unknown;
    try {
      JSON.parse(`call me at ${PHONE}`);
    } catch (thrown) {
      fault = thrown;
    }

    expect(String(fault)).toContain('call me');
    expect(faultOf(fault).text).not.toContain('call me');
  });
});

describe('a metric', () => {
  it('is written at the end of the request, under the service', () => {
    const metrics = metricsOf((log) => {
      log.begin('request-1');
      log.count('MessagesSent');
      log.count('ItemsIgnored', 3);
      log.end();
    });

    expect(metrics).toEqual([
      expect.objectContaining({ service: 'outbound-send', stage: 'production', MessagesSent: 1, ItemsIgnored: 3 }),
    ]);
    expect(metrics[0]).toMatchObject({
      _aws: { CloudWatchMetrics: [{ Namespace: 'CareWindow', Dimensions: [['service', 'stage']] }] },
    });
  });

  it('with dimensions is written in a line of its own, under the service and its dimensions', () => {
    const metrics = metricsOf((log) => {
      log.count('MessagesSent');
      log.count('ProviderErrors', 1, { class: 'alert' });
      log.count('MessagesPriced', 2, { category: 'utility', type: 'regular' });
      log.end();
    });

    expect(metrics).toEqual([
      expect.objectContaining({ service: 'outbound-send', stage: 'production', class: 'alert', ProviderErrors: 1 }),
      expect.objectContaining({ category: 'utility', type: 'regular', MessagesPriced: 2 }),
      expect.objectContaining({ MessagesSent: 1 }),
    ]);
    expect(metrics.map(({ _aws }) => _aws)).toMatchObject([
      { CloudWatchMetrics: [{ Namespace: 'CareWindow', Dimensions: [['service', 'stage', 'class']] }] },
      { CloudWatchMetrics: [{ Namespace: 'CareWindow', Dimensions: [['service', 'stage', 'category', 'type']] }] },
      { CloudWatchMetrics: [{ Namespace: 'CareWindow', Dimensions: [['service', 'stage']] }] },
    ]);
  });

  it('is not carried over to the next request', () => {
    const metrics = metricsOf((log) => {
      log.count('MessagesSent');
      log.end();
      log.count('SendsRefused');
      log.end();
    });

    expect(metrics).toHaveLength(2);
    expect(metrics[1]).not.toHaveProperty('MessagesSent');
  });

  it('of zero is not written, and a request without metrics writes nothing', () => {
    const { text } = captured((log) => {
      log.begin('request-1');
      log.count('ItemsMalformed', 0);
      log.count('ProviderErrors', 0, { class: 'alert' });
      log.end();
    });

    expect(text).toBe('');
  });

  it('of zero is written where an alarm on silence needs it', () => {
    const metrics = metricsOf((log) => {
      log.count('CustomerMessages', 0);
      log.end();
    });

    expect(metrics).toEqual([expect.objectContaining({ CustomerMessages: 0 })]);
  });
});

describe('the catalogue', () => {
  const calls = (log: ReturnType<typeof createLog>) => [
    // @ts-expect-error: no such code
    () => log.info('outbound-send.refuse', { channel: 'support', code: 'window_closed' }),
    // @ts-expect-error: a field is missing
    () => log.info('outbound-send.refused', { channel: 'support' }),
    // @ts-expect-error: the line has no such field
    () => log.info('template-sync.failed', { account: 'care-meta', phone: PHONE }),
    // @ts-expect-error: the line has no fields
    () => log.info('window-sweep.failed', { phone: PHONE }),
    // @ts-expect-error: no such counter
    () => log.count('MessageSent'),
    // @ts-expect-error: a counter without dimensions
    () => log.count('MessagesSent', 1, { channel: 'support' }),
    // @ts-expect-error: the dimension is missing
    () => log.count('ProviderErrors'),
    // @ts-expect-error: a gauge is not a counter
    () => log.count('SweepLagSeconds'),
  ];

  it('decides what compiles', () => {
    expect(calls).toBeTypeOf('function');
  });
});
