import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import * as z from 'zod';
import type { FileBucket, LinkOptions } from '../../functions/shared/runtime/file-bucket.ts';
import { type BucketFolder, createBucketFolder } from './bucket-folder.ts';
import { freePort } from './dynamodb-local.ts';
import { close, listen } from './http-front.ts';

/** What a form accepts, signed as a whole. */
const Policy = z.object({ key: z.string(), mimeType: z.string(), size: z.number(), until: z.number() });
type Policy = z.infer<typeof Policy>;

interface Denial {
  readonly status: number;
  readonly code: string;
}
const DENIED: Denial = { status: 403, code: 'AccessDenied' };

/** S3's answers, as far as a client meets them. */
const refuse = (response: ServerResponse, { status, code }: Denial): void => {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>`);
};

interface Bucket {
  readonly folder: BucketFolder;
  readonly sign: (text: string) => string;
  readonly now: () => Date;
}

/** Whether a link was given out for this method, and is valid still. */
const isValid = ({ sign, now }: Bucket, method: string, { pathname, searchParams }: URL): boolean => {
  const key = decodeURIComponent(pathname.slice(1));
  const [until = '', disposition = '', signature] = ['until', 'disposition', 'signature'].map(
    (name) => searchParams.get(name) ?? '',
  );
  return signature === sign(linkText({ method, key, until, disposition })) && now().getTime() < Number(until);
};

interface LinkParts {
  readonly method: string;
  readonly key: string;
  readonly until: string;
  readonly disposition: string;
}

const linkText = ({ method, key, until, disposition }: LinkParts): string =>
  [method, key, until, disposition].join('\n');

/** Writes what a link names, with the type that comes with it. */
const acceptWrite = async (bucket: Bucket, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const url = new URL(request.url ?? '/', 'http://bucket');
  if (!isValid(bucket, 'PUT', url)) return refuse(response, DENIED);
  const mimeType = request.headers['content-type'] ?? 'application/octet-stream';
  await bucket.folder.save(decodeURIComponent(url.pathname.slice(1)), new Uint8Array(await buffer(request)), mimeType);
  response.writeHead(200).end();
};

/** Reads what a link names, while it is valid. */
const serveLink = async (bucket: Bucket, url: URL, response: ServerResponse): Promise<void> => {
  const { folder } = bucket;
  const key = decodeURIComponent(url.pathname.slice(1));
  const disposition = url.searchParams.get('disposition') ?? '';
  if (!isValid(bucket, 'GET', url)) return refuse(response, DENIED);
  const file = await folder.find(key);
  const bytes = await folder.open(key).catch(() => undefined);
  if (file === undefined || bytes === undefined) return refuse(response, { status: 404, code: 'NoSuchKey' });
  response.writeHead(200, {
    'content-type': file.mimeType,
    'content-length': file.size,
    ...(disposition === '' ? {} : { 'content-disposition': disposition }),
  });
  bytes.pipe(response);
};

const readForm = async (request: IncomingMessage): Promise<FormData> => {
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  return new Response(new Uint8Array(await buffer(request)), { headers }).formData();
};

const denialOf = (policy: Policy, form: FormData, { file, now }: { readonly file: Blob; readonly now: Date }) => {
  const isAllowed = form.get('key') === policy.key && form.get('Content-Type') === policy.mimeType;
  if (!isAllowed || now.getTime() >= policy.until) return DENIED;
  if (file.size > policy.size) return { status: 400, code: 'EntityTooLarge' };
  return file.size < policy.size ? { status: 400, code: 'EntityTooSmall' } : undefined;
};

/** Accepts the file of a form that was given out, of the type and the size that it names. */
const acceptForm = async (
  { folder, sign, now }: Bucket,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const form = await readForm(request).catch(() => undefined);
  const [text, signature, file] = [form?.get('policy'), form?.get('signature'), form?.get('file')];
  if (form === undefined || typeof text !== 'string' || typeof file !== 'object' || file === null)
    return refuse(response, { status: 400, code: 'MalformedPOSTRequest' });
  if (signature !== sign(text)) return refuse(response, DENIED);
  const policy = Policy.parse(JSON.parse(text));
  const denial = denialOf(policy, form, { file, now: now() });
  if (denial !== undefined) return refuse(response, denial);
  await folder.save(policy.key, new Uint8Array(await file.arrayBuffer()), policy.mimeType);
  response.writeHead(204).end();
};

const serve = async (bucket: Bucket, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const url = new URL(request.url ?? '/', 'http://bucket');
  if (request.method === 'POST') return acceptForm(bucket, request, response);
  if (request.method === 'PUT') return acceptWrite(bucket, request, response);
  return serveLink(bucket, url, response);
};

/** S3 on this machine, as a folder: links that expire by the service's clock, and forms that accept what they name. */
export const startLocalBucket = async (now: () => Date) => {
  const folder = await createBucketFolder();
  const secret = randomBytes(32);
  const sign = (text: string): string => createHmac('sha256', secret).update(text).digest('hex');
  const server = createServer((request, response) => {
    // The console posts forms from the origin of the service.
    response.setHeader('access-control-allow-origin', '*');
    serve({ folder, sign, now }, request, response).catch(() => response.destroy());
  });
  const port = await freePort();
  await listen(server, port);
  const origin = `http://127.0.0.1:${port}`;
  const untilOf = (seconds: number): number => now().getTime() + seconds * 1000;
  const linkTo = (method: string, key: string, { seconds, disposition = '' }: LinkOptions): string => {
    const until = String(untilOf(seconds));
    const signature = sign(linkText({ method, key, until, disposition }));
    return `${origin}/${encodeURIComponent(key)}?${new URLSearchParams({ until, disposition, signature }).toString()}`;
  };
  const bucket: FileBucket = {
    put: (key, { path, mimeType }) => folder.save(key, path, mimeType),
    find: folder.find,
    open: folder.open,
    remove: folder.remove,
    link: async (key, options) => linkTo('GET', key, options),
    lastingLink: async (key) => linkTo('GET', key, { seconds: 3_600 }),
    writeLink: async (key, seconds) => linkTo('PUT', key, { seconds }),
    uploadForm: async (key, { mimeType, size, seconds }) => {
      const policy = JSON.stringify({ key, mimeType, size, until: untilOf(seconds) } satisfies Policy);
      return { url: origin, fields: { key, 'Content-Type': mimeType, policy, signature: sign(policy) } };
    },
  };
  const stop = async () => {
    await close(server);
    await folder.end();
  };
  return { bucket, origin, files: { save: folder.readAll, load: folder.replaceAll }, stop };
};
