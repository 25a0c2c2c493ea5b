import { fromEnv } from '@aws-sdk/credential-provider-env';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { readJson } from '../domain/read-json.ts';
import { PreparedFile, type PrepareRequest } from '../domain/upload.ts';
import { callOnce } from '../network/http-call.ts';

/** Makes an uploaded file what the provider takes; rejects when it is not ready in time. */
export type PrepareFile = (request: PrepareRequest) => Promise<PreparedFile>;

/** Leaves the send its time; a longer upload goes on by itself, and is known to the next call. */
const TIMEOUT_MS = 8_000;

/** Invokes the function that knows the files: a signed request, since Lambda's client is a fifth of a bundle. */
export const createLambdaPrepareFile = (functionArn: string): PrepareFile => {
  const region = functionArn.split(':')[3] ?? '';
  const hostname = `lambda.${region}.amazonaws.com`;
  const path = `/2015-03-31/functions/${encodeURIComponent(functionArn)}/invocations`;
  const signer = new SignatureV4({ service: 'lambda', region, credentials: fromEnv(), sha256: Sha256 });
  return async (request) => {
    const body = JSON.stringify(request);
    const headers = { host: hostname };
    const signed = await signer.sign({ method: 'POST', protocol: 'https:', hostname, path, headers, body });
    const call = await callOnce({
      url: `https://${hostname}${path}`,
      headers: signed.headers,
      body,
      timeoutMs: TIMEOUT_MS,
    });
    if (call.kind !== 'answered') throw new Error(`the function of the files did not answer: ${call.code}`);
    const prepared = call.status === 200 ? readJson(call.text, PreparedFile) : undefined;
    if (prepared === undefined) throw new Error(`the function of the files failed with ${call.status}`);
    return prepared;
  };
};
