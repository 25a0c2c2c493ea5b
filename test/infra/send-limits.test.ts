import { describe, expect, it } from 'vitest';
import { LEASE_SECONDS } from '../../functions/outbound-send/claim.ts';
import { LAST_START_MS } from '../../functions/outbound-send/retry.ts';
import { CHANNEL_DEFAULTS, MIN_SEND_MARGIN_SECONDS } from '../../functions/shared/domain/config.ts';
import { SEND_TIMEOUT_MS } from '../../functions/shared/providers/send-outcome.ts';
import { MIN_TTL_SECONDS } from '../../functions/shared/providers/sinch/client.ts';
import { TOKEN_TIMEOUT_MS } from '../../functions/shared/providers/sinch/token.ts';
import { propertiesOf, synthesize } from './synthesize.ts';

/** API Gateway's own limit for HTTP APIs: docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const API_GATEWAY_SECONDS = 30;

/** fetch gives up connecting after it, and then it is certain that nothing was sent: undici's connectTimeout. */
const CONNECT_TIMEOUT_MS = 10_000;

const lambdaSeconds = Number(propertiesOf(synthesize(), 'AWS::Lambda::Function', 'OutboundSendFunction')['Timeout']);

describe('the limits of a send', () => {
  it('let the last attempt, with a token to fetch, end before the Lambda and API Gateway do', () => {
    expect(LAST_START_MS + TOKEN_TIMEOUT_MS + SEND_TIMEOUT_MS).toBeLessThan(lambdaSeconds * 1000);
    expect(lambdaSeconds).toBeLessThan(API_GATEWAY_SECONDS);
  });

  it('keep the lease until no copy of the Lambda that claimed it can run any more', () => {
    expect(LEASE_SECONDS).toBeGreaterThanOrEqual(2 * lambdaSeconds);
  });

  it('let a failed connection be distinguished from a call that may have arrived', () => {
    expect(SEND_TIMEOUT_MS).toBeGreaterThan(CONNECT_TIMEOUT_MS);
  });

  it('leave a message that is decided on the margin the time that its provider needs', () => {
    expect(MIN_SEND_MARGIN_SECONDS).toBeGreaterThan(MIN_TTL_SECONDS);
    expect(CHANNEL_DEFAULTS.sendMarginSeconds).toBeGreaterThanOrEqual(
      MIN_SEND_MARGIN_SECONDS + (SEND_TIMEOUT_MS + LAST_START_MS) / 1000,
    );
  });

  it('are the ones that this test was written for', () => {
    expect({ margin: MIN_SEND_MARGIN_SECONDS, lease: LEASE_SECONDS, lambda: lambdaSeconds }).toEqual({
      margin: 5,
      lease: 60,
      lambda: 29,
    });
  });
});
