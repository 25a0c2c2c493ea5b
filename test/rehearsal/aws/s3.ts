import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { AwsCall, AwsReply, AwsService } from './aws-call.ts';
import { unknownOperation } from './aws-call.ts';
import type { LinkedCall } from './aws-front.ts';
import type { Credentials } from './credentials.ts';
import type { Ledger } from './ledger.ts';
import { fieldOf, signerOfForm, signerOfLink } from './presigned.ts';

interface StoredObject {
  readonly bytes: Buffer;
  readonly mimeType: string;
  readonly etag: string;
}

const ACTIONS: Readonly<Record<string, string>> = {
  DELETE: 's3:DeleteObject',
  GET: 's3:GetObject',
  HEAD: 's3:GetObject',
  PUT: 's3:PutObject',
};

const LINE_END = '\r\n';

/** The bytes of a body that is sent in chunks with a checksum behind them (`aws-chunked`). */
const dechunk = (body: Buffer): Buffer => {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf(LINE_END, at);
    const length = Number.parseInt(body.subarray(at, end).toString('latin1'), 16);
    if (!(length > 0)) return Buffer.concat(chunks);
    const start = end + LINE_END.length;
    chunks.push(body.subarray(start, start + length));
    at = start + length + LINE_END.length;
  }
};

const contentOf = ({ headers, body }: AwsCall): Buffer =>
  headers['content-encoding']?.includes('aws-chunked') === true ? dechunk(body) : body;

const empty = (status: number): AwsReply => ({ status, headers: {}, body: '' });

const error = (status: number, code: string): AwsReply => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
});

/** `/bucket/key` as the SDK writes it at an address without a domain. */
const bucketAndKey = (path: string): readonly [string, string] => {
  const [, bucket = '', ...key] = path.split('/');
  return [bucket, decodeURIComponent(key.join('/'))];
};

const etagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;

const checksumOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64');

interface S3Options {
  readonly ledger: Pick<Ledger, 'authorize'>;
  readonly credentials: Credentials;
}

/** The conditions of a form's policy that a function sets. */
const Policy = z.object({
  expiration: z.coerce.date(),
  conditions: z.array(z.union([z.record(z.string(), z.string()), z.tuple([z.string(), z.number(), z.number()])])),
});

/** Whether a form keeps its own policy. */
const keepsPolicy = (form: FormData, size: number): boolean => {
  const text = Buffer.from(fieldOf(form, 'Policy'), 'base64').toString('utf8');
  const { expiration, conditions } = Policy.parse(JSON.parse(text));
  const isKept = conditions.every((condition) => {
    if (Array.isArray(condition))
      return condition[0] === 'content-length-range' && size >= condition[1] && size <= condition[2];
    return Object.entries(condition).every(([name, value]) => name === 'bucket' || fieldOf(form, name) === value);
  });
  return isKept && expiration.getTime() > Date.now();
};

/** S3 with the buckets of the template, in memory. */
export const createS3 = ({ ledger, credentials }: S3Options) => {
  const objects = new Map<string, StoredObject>();
  const store = (call: AwsCall): AwsReply => {
    const bytes = contentOf(call);
    const announced = call.headers['x-amz-checksum-sha256'];
    if (announced !== undefined && announced !== checksumOf(bytes)) return error(400, 'BadDigest');
    const etag = etagOf(bytes);
    const mimeType = call.headers['content-type'] ?? 'binary/octet-stream';
    objects.set(decodeURIComponent(call.path), { bytes, mimeType, etag });
    return { status: 200, headers: { etag }, body: '' };
  };
  /** S3 hides from a caller that may not list the bucket whether an object is missing. */
  const missing = (call: AwsCall): AwsReply => {
    const [bucket] = bucketAndKey(call.path);
    const access = { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}` };
    const mayKnow = ledger.authorize(call.roleArn, access);
    if (call.method === 'HEAD') return empty(mayKnow ? 404 : 403);
    return mayKnow ? error(404, 'NoSuchKey') : error(403, 'AccessDenied');
  };
  const read = (call: AwsCall): AwsReply => {
    const object = objects.get(decodeURIComponent(call.path));
    if (object === undefined) return missing(call);
    const { bytes, mimeType, etag } = object;
    const headers = { etag, 'content-type': mimeType, 'content-length': String(bytes.length) };
    return { status: 200, headers, body: call.method === 'HEAD' ? '' : bytes };
  };
  const service: AwsService = {
    accesses: (call) => {
      const action = ACTIONS[call.method];
      if (action === undefined) throw unknownOperation(call, call.method);
      const [bucket, key] = bucketAndKey(call.path);
      return [{ action, resource: `arn:aws:s3:::${bucket}/${key}` }];
    },
    deny: ({ method }) => (method === 'HEAD' ? empty(403) : error(403, 'AccessDenied')),
    perform: async (call) => {
      if (call.method === 'PUT') return store(call);
      if (call.method !== 'DELETE') return read(call);
      objects.delete(decodeURIComponent(call.path));
      return empty(204);
    },
  };
  /** Whoever has a link may do what the role that signed it may do. */
  const readLink = async (call: LinkedCall): Promise<AwsReply> => {
    const { method, path, query, headers } = call;
    const signer = signerOfLink(credentials.secretAccessKey, { method, path, query, host: headers['host'] ?? '' });
    const roleArn = credentials.roleOf(signer ?? '');
    if (roleArn === undefined) return error(403, 'SignatureDoesNotMatch');
    const linked: AwsCall = { ...call, service: 's3', roleArn };
    const isAllowed = service.accesses(linked).every((access) => ledger.authorize(roleArn, access));
    return isAllowed ? service.perform(linked) : error(403, 'AccessDenied');
  };
  const acceptForm = async ({ path, headers, body }: LinkedCall): Promise<AwsReply> => {
    const type = { 'content-type': headers['content-type'] ?? '' };
    const form = await new Response(new Uint8Array(body), { headers: type }).formData();
    const roleArn = credentials.roleOf(signerOfForm(credentials.secretAccessKey, form) ?? '');
    const file = form.get('file');
    if (roleArn === undefined || !(file instanceof Blob)) return error(403, 'SignatureDoesNotMatch');
    const [bucket] = bucketAndKey(path);
    const key = fieldOf(form, 'key');
    const isAllowed = ledger.authorize(roleArn, { action: 's3:PutObject', resource: `arn:aws:s3:::${bucket}/${key}` });
    if (!isAllowed || !keepsPolicy(form, file.size)) return error(403, 'AccessDenied');
    const bytes = Buffer.from(await file.arrayBuffer());
    objects.set(`/${bucket}/${key}`, { bytes, mimeType: fieldOf(form, 'Content-Type'), etag: etagOf(bytes) });
    return empty(204);
  };
  return {
    service,
    /** Answers links and forms, which need no credentials. */
    serveLink: (call: LinkedCall): Promise<AwsReply> => (call.method === 'POST' ? acceptForm(call) : readLink(call)),
    /** The keys of the objects, with their bucket. */
    keys: (): readonly string[] => [...objects.keys()],
    /** The bytes of an object, by its bucket and key: `/bucket/key`. */
    read: (path: string): Buffer | undefined => objects.get(path)?.bytes,
  };
};
