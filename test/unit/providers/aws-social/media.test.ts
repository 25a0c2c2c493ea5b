import {
  GetWhatsAppMessageMediaCommand,
  PostWhatsAppMessageMediaCommand,
  SocialMessagingClient,
} from '@aws-sdk/client-socialmessaging';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createAwsSocialMediaSource,
  createAwsSocialUploader,
} from '../../../../functions/shared/providers/aws-social/media.ts';
import type { DropPlace, MediaReference, UploadedFile } from '../../../../functions/shared/providers/provider.ts';
import { AWS_NUMBER, anAwsAccount, anAwsChannel, awsSocialSecrets } from '../../../support/aws-social.ts';
import { textOf } from '../../../support/fetched.ts';
import { aClosedOrigin, aProviderServer, type Scripted } from '../../../support/provider-server.ts';

const NOW = () => new Date('2026-11-20T09:00:00.000Z');
const deps = (baseUrl: string) => ({
  account: anAwsAccount({ baseUrl }),
  secrets: async () => awsSocialSecrets,
  now: NOW,
});

const serve = async (script: Scripted) => {
  const aws = await aProviderServer(() => script);
  onTestFinished(aws.close);
  return aws;
};

const WRITE_LINK = 'https://files.s3.eu-central-1.amazonaws.com/30/support/drop?X-Amz-Signature=0a';
const READ_LINK = 'https://files.s3.eu-central-1.amazonaws.com/30/support/upload?X-Amz-Signature=0b';

const DROP: DropPlace = {
  link: async () => WRITE_LINK,
  open: async () =>
    (async function* written() {
      yield Buffer.from('bytes');
    })(),
};

const open = (baseUrl: string, file: MediaReference = { mediaId: '77', sha256: 'hash' }) =>
  createAwsSocialMediaSource(deps(baseUrl)).open(file, anAwsChannel(), DROP);

const FILE: UploadedFile = {
  mimeType: 'image/jpeg',
  open: () => Promise.reject(new Error('AWS reads the link')),
  link: async () => READ_LINK,
};
const upload = (baseUrl: string) => createAwsSocialUploader(deps(baseUrl)).upload(FILE, anAwsChannel());

const error = (name: string, status: number): Scripted => ({ status, headers: { 'x-amzn-errortype': name }, body: {} });

/** The request of the client that AWS publishes. */
const ofClient = async (command: GetWhatsAppMessageMediaCommand | PostWhatsAppMessageMediaCommand) => {
  const aws = await serve({ body: {} });
  const client = new SocialMessagingClient({
    endpoint: aws.url,
    region: awsSocialSecrets.region,
    credentials: { accessKeyId: 'AKIAFIXTURE', secretAccessKey: 'secret' },
  });
  await (command instanceof GetWhatsAppMessageMediaCommand ? client.send(command) : client.send(command));
  return aws.calls.map(({ method, path, body }) => ({ method, path, body }));
};

describe('a file of a customer at AWS', () => {
  it('is written by AWS to the drop place, and read there with the hash of the webhook', async () => {
    const aws = await serve({ body: { mimeType: 'image/jpeg', fileSize: 1 } });

    const opened = await open(aws.url);

    expect(opened).toMatchObject({ kind: 'opened', mimeType: 'image/jpeg', sha256: ['hash'] });
    if (opened.kind !== 'opened') throw new Error(opened.kind);
    expect(await textOf(opened.body)).toBe('bytes');
    const command = new GetWhatsAppMessageMediaCommand({
      mediaId: '77',
      originationPhoneNumberId: AWS_NUMBER,
      destinationS3PresignedUrl: { url: WRITE_LINK, headers: {} },
    });
    expect(aws.calls.map(({ method, path, body }) => ({ method, path, body }))).toEqual(await ofClient(command));
    expect(aws.calls[0]?.headers.authorization).toContain('/social-messaging/aws4_request');
  });

  it.each([
    [error('ResourceNotFoundException', 404), { kind: 'gone' }],
    [error('ThrottledRequestException', 429), { kind: 'unavailable', code: 'ThrottledRequestException' }],
    [error('DependencyException', 502), { kind: 'unavailable', code: 'DependencyException' }],
    [error('AccessDeniedException', 403), { kind: 'unavailable', code: 'AccessDeniedException' }],
    [
      { status: 200, body: 'oops' },
      { kind: 'unavailable', code: 'http_200' },
    ],
    [{ hangUp: true }, { kind: 'unavailable', code: 'UND_ERR_SOCKET' }],
  ] as const)('that is answered with %j is %j', async (script, outcome) => {
    expect(await open((await serve(script)).url)).toEqual(outcome);
  });

  it('is gone without an id, and nothing is asked for', async () => {
    const aws = await serve({ body: {} });

    expect(await open(aws.url, { url: 'https://elsewhere.example/file' })).toEqual({ kind: 'gone' });
    expect(aws.calls).toEqual([]);
  });
});

describe('an upload through AWS', () => {
  it('is read by its link, and answers the id of the media', async () => {
    const aws = await serve({ body: { mediaId: '88' } });

    expect(await upload(aws.url)).toEqual({ kind: 'uploaded', mediaId: '88' });

    const command = new PostWhatsAppMessageMediaCommand({
      originationPhoneNumberId: AWS_NUMBER,
      sourceS3PresignedUrl: { url: READ_LINK, headers: { 'Content-Type': 'image/jpeg' } },
    });
    expect(aws.calls.map(({ method, path, body }) => ({ method, path, body }))).toEqual(await ofClient(command));
  });

  it.each([
    [error('InvalidParametersException', 400), 'rejected', 'InvalidParametersException'],
    [error('AccessDeniedException', 403), 'rejected', 'AccessDeniedException'],
    [error('ThrottledRequestException', 429), 'unavailable', 'ThrottledRequestException'],
    [error('DependencyException', 502), 'unavailable', 'DependencyException'],
    [{ status: 200, body: {} }, 'unavailable', 'unreadable'],
    [{ hangUp: true }, 'unavailable', 'UND_ERR_SOCKET'],
  ] as const)('that is answered with %j is %s with %s', async (script, kind, code) => {
    expect(await upload((await serve(script)).url)).toMatchObject({ kind, error: { code } });
  });

  it('is unavailable where nothing listens', async () => {
    expect(await upload(await aClosedOrigin())).toMatchObject({ kind: 'unavailable', error: { code: 'ECONNREFUSED' } });
  });
});
