import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { createS3Bucket, createS3Client } from '../../../functions/shared/runtime/file-bucket.ts';
import { createLinkSigner } from '../../../functions/shared/runtime/link-signer.ts';

const KEY = '30/support/ab12.jpg';
const OWN = { accessKeyId: 'AKIDFUNCTION', secretAccessKey: 'secret', sessionToken: 'token-of-the-function' };
const SESSION = { AccessKeyId: 'AKIDLINK', SecretAccessKey: 'other', SessionToken: 'token-of-the-link' };
const ROLE = 'arn:aws:iam::123456789012:role/links';

/** The bucket, whose links are signed without a call to S3; `assumed` are the requests to STS. */
const aBucket = (credentials: object | undefined = SESSION) => {
  const assumed: unknown[] = [];
  const sts = {
    send: async (command: AssumeRoleCommand) => {
      expect(command).toBeInstanceOf(AssumeRoleCommand);
      assumed.push(command.input);
      return { Credentials: credentials };
    },
  } as unknown as STSClient;
  process.env['AWS_REGION'] ??= 'eu-west-1';
  const client = createS3Client({ region: 'eu-west-1', credentials: OWN });
  return { bucket: createS3Bucket(client, 'files', createLinkSigner(sts, ROLE)), assumed };
};

const queryOf = (link: string) => Object.fromEntries(new URL(link).searchParams);

describe('a link to a file', () => {
  it('reads it for the seconds asked for, and says how a browser handles it', async () => {
    const link = await aBucket().bucket.link(KEY, { seconds: 300, disposition: 'attachment' });

    expect(new URL(link).origin).toBe('https://files.s3.eu-west-1.amazonaws.com');
    expect(new URL(link).pathname).toBe(`/${KEY}`);
    expect(queryOf(link)).toMatchObject({
      'X-Amz-Expires': '300',
      'X-Amz-Security-Token': OWN.sessionToken,
      'response-content-disposition': 'attachment',
    });
  });
});

describe('a link that writes a file', () => {
  it('is a PUT of that key for the seconds asked for, whatever type comes with it', async () => {
    const link = await aBucket().bucket.writeLink(KEY, 300);

    expect(new URL(link).pathname).toBe(`/${KEY}`);
    expect(queryOf(link)).toMatchObject({ 'X-Amz-Expires': '300', 'X-Amz-SignedHeaders': 'host' });
    expect(queryOf(link)['x-id']).toBe('PutObject');
    // A checksum in the link would be that of no bytes.
    expect(link).not.toMatch(/checksum/i);
  });
});

describe('a lasting link', () => {
  it('is signed in a session of its own that lasts as long as the link: it does not die with the function', async () => {
    const { bucket, assumed } = aBucket();

    const link = await bucket.lastingLink(KEY);

    expect(assumed).toEqual([{ RoleArn: ROLE, RoleSessionName: 'file-link', DurationSeconds: 3_600 }]);
    expect(queryOf(link)).toMatchObject({ 'X-Amz-Expires': '3600', 'X-Amz-Security-Token': SESSION.SessionToken });
    expect(queryOf(link)['X-Amz-Credential']).toMatch(/^AKIDLINK\//);
    expect(link).not.toContain(OWN.accessKeyId);
  });

  it('has a new session each time', async () => {
    const { bucket, assumed } = aBucket();

    await bucket.lastingLink(KEY);
    await bucket.lastingLink(KEY);

    expect(assumed).toHaveLength(2);
  });

  it('is not made without a session', async () => {
    await expect(aBucket({}).bucket.lastingLink(KEY)).rejects.toThrow('the role of the links has no session');
  });
});

describe('the form of an upload', () => {
  it('accepts the file of that key, type and size alone, until it expires', async () => {
    const form = await aBucket().bucket.uploadForm(KEY, { mimeType: 'image/jpeg', size: 5, seconds: 900 });

    const policy = JSON.parse(Buffer.from(form.fields['Policy'] ?? '', 'base64').toString());
    expect(form.fields).toMatchObject({ key: KEY, 'Content-Type': 'image/jpeg' });
    expect(policy.conditions).toEqual(
      expect.arrayContaining([
        ['content-length-range', 5, 5],
        { key: KEY },
        { 'Content-Type': 'image/jpeg' },
        { bucket: 'files' },
      ]),
    );
    expect(Date.parse(policy.expiration) - Date.now()).toBeLessThanOrEqual(900_000);
  });
});
