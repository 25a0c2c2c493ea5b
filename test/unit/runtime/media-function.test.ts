import { describe, expect, it, vi } from 'vitest';
import { createLambdaPrepareFile } from '../../../functions/shared/runtime/media-function.ts';
import { aNetwork } from '../../support/fetched.ts';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:media';
const URL_OF_IT = `https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/${encodeURIComponent(ARN)}/invocations`;
const REQUEST = { channel: 'support', upload: 'up_30_ab', kind: 'image' };

const prepare = (answer?: () => Response) => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKID');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', 'token');
  const calls = aNetwork(answer === undefined ? {} : { [URL_OF_IT]: answer });
  const prepared = createLambdaPrepareFile(ARN)(REQUEST).finally(() => vi.unstubAllEnvs());
  return { prepared, calls };
};

describe('the function of the files', () => {
  it('is invoked with a signature for its region', async () => {
    const { prepared, calls } = prepare(() => Response.json({ kind: 'ready', mediaId: '77' }));

    expect(await prepared).toEqual({ kind: 'ready', mediaId: '77' });
    expect(calls).toHaveLength(1);
    expect(calls[0]?.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-west-1\/lambda\/aws4_request/,
    );
    expect(calls[0]?.authorization).toMatch(/SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,/);
  });

  it.each([
    ['fails', () => Response.json({ errorMessage: 'timed out' }, { headers: { 'x-amz-function-error': 'Unhandled' } })],
    ['may not be invoked', () => Response.json({ Message: 'not authorized' }, { status: 403 })],
    ['cannot be reached', undefined],
  ])('that %s rejects', async (_, answer) => {
    await expect(prepare(answer).prepared).rejects.toThrow('the function of the files');
  });
});
