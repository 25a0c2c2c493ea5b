import * as z from 'zod';
import type { CustomerKey } from '../shared/domain/customer.ts';
import { Instant } from '../shared/domain/instant.ts';
import type { MediaTask } from '../shared/domain/media-task.ts';
import type { HttpEvent } from '../shared/http/handler.ts';
import { readCustomer, readMessageId } from '../shared/http/path-parameters.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import { type Parsed, parseWith } from '../shared/http/request.ts';
import { type Answer, json } from '../shared/http/respond.ts';
import type { FileCopy, FileFault, FileMessage } from '../shared/store/message/message-file.ts';
import { dispositionOf } from './disposition.ts';
import type { MediaRuntime } from './runtime.ts';

/** A file of a customer, by a link that anyone can read it with until it expires. */
export const MediaAnswer = z
  .object({
    url: z.string(),
    expiresAt: Instant,
    name: z.string().optional().meta({ description: 'As the customer named the file' }),
    mimeType: z.string(),
    size: z.int().meta({ description: 'Bytes' }),
    sha256: z.string().meta({ description: 'Lower-case hex' }),
  })
  .meta({ id: 'MediaAnswer' });

/** The copy of the provider's file is under way. */
export const MediaPending = z.object({ status: z.literal('copying') }).meta({ id: 'MediaPending' });

export const MediaQuery = z.strictObject({
  redirect: z.enum(['true', 'false']).default('false').meta({
    description: '`true` answers 302 to the link; a client that repeats `Authorization` there is refused by S3',
  }),
});

const LINK_SECONDS = 300;

/** How long a call waits for the copy. */
const WAIT_MS = 5_000;
const POLL_MS = 250;
const RETRY_AFTER_SECONDS = 5;

const UNKNOWN_MESSAGE: ProblemDetails = {
  code: 'unknown_message',
  detail:
    'The thread of the customer has no message with this id that the provider brought, or its retention has ended.',
};

const NO_FILE: ProblemDetails = {
  code: 'unknown_media',
  detail: 'The message has no file: only images, videos, audio, documents and stickers have one.',
};

const DETAILS: Readonly<Record<FileFault, string>> = {
  gone: 'The provider has the file no longer: it keeps one for 7 days. With captureMedia on the channel files are copied when they arrive.',
  host_refused:
    'The file is at a host from which no file is fetched: name the host in mediaHosts of the account, if it is the provider’s.',
  too_large: 'The file is larger than 100 MB, the most that WhatsApp sends.',
  corrupt: 'The file is not the one that the provider announced: its size or its SHA-256 is another.',
};

const unavailable = (fault: FileFault): ProblemDetails => ({ code: 'media_unavailable', detail: DETAILS[fault] });

const answerCopy = async (
  { bucket, now }: MediaRuntime,
  { fileKey = '', file }: FileMessage,
  { copy, redirects }: { readonly copy: FileCopy; readonly redirects: boolean },
): Promise<Answer> => {
  const { mimeType, size, sha256 } = copy;
  const disposition = dispositionOf(mimeType, file?.filename);
  const url = await bucket.link(fileKey, { seconds: LINK_SECONDS, disposition });
  if (redirects) return { statusCode: 302, headers: { location: url, 'cache-control': 'no-store' }, body: '' };
  const expiresAt = new Date(now().getTime() + LINK_SECONDS * 1000).toISOString();
  return json(200, { url, expiresAt, name: file?.filename, mimeType, size, sha256 } satisfies z.infer<
    typeof MediaAnswer
  >);
};

const PENDING: Answer = {
  ...json(202, { status: 'copying' } satisfies z.infer<typeof MediaPending>),
  headers: { 'content-type': 'application/json', 'retry-after': String(RETRY_AFTER_SECONDS) },
};

/** Puts the copy into the queue, unless it was asked for a moment ago. */
const requestCopy = async (
  { store, queue, now, newFileKey, channel: configured }: MediaRuntime,
  { name }: FileMessage,
) => {
  const channel = configured(name.channel);
  if (channel === undefined) return;
  if (!(await store.requestCopy(name, { fileKey: newFileKey(channel), now: now() }))) return;
  await queue.send([JSON.stringify({ task: 'copy', ...name } satisfies MediaTask)]);
};

/** Waits a while for the outcome of the copy. */
const awaitCopy = async (runtime: MediaRuntime, message: FileMessage): Promise<FileMessage | undefined> => {
  const { store, elapsed, pause } = runtime;
  const started = elapsed();
  for (;;) {
    const current = await store.readFileMessage(message.name);
    const isOver = current === undefined || current.copy !== undefined || current.fault !== undefined;
    if (isOver || elapsed() - started >= WAIT_MS) return current;
    await pause(POLL_MS);
  }
};

interface Request {
  readonly message: { readonly channel: string; readonly customer: CustomerKey; readonly id: string };
  readonly redirects: boolean;
}

const readRequest = (runtime: MediaRuntime, event: HttpEvent): Parsed<Request> => {
  const named = readCustomer(runtime, event);
  if (!named.ok) return named;
  const query = parseWith(MediaQuery, event.queryStringParameters ?? {});
  if (!query.ok) return query;
  const { channel, customer } = named.value;
  const message = { channel: channel.id, customer, id: readMessageId(event) };
  return { ok: true, value: { message, redirects: query.value.redirect === 'true' } };
};

/** The message with its copy, or as far as the copy is after a while. */
const copyOf = async (runtime: MediaRuntime, found: FileMessage): Promise<FileMessage | undefined> => {
  if (found.copy !== undefined) return found;
  await requestCopy(runtime, found);
  return awaitCopy(runtime, found);
};

/** Shows the provider's file of a message as a link to its copy, which the first call asks for. */
export const showMedia = async (runtime: MediaRuntime, event: HttpEvent): Promise<Answer> => {
  const request = readRequest(runtime, event);
  if (!request.ok) return request.problem;
  const found = await runtime.store.findFileMessage(request.value.message);
  if (found === undefined) return UNKNOWN_MESSAGE;
  if (found.file === undefined) return NO_FILE;
  const message = await copyOf(runtime, found);
  if (message === undefined) return UNKNOWN_MESSAGE;
  const { copy, fault } = message;
  if (copy !== undefined) return answerCopy(runtime, message, { copy, redirects: request.value.redirects });
  return fault === undefined ? PENDING : unavailable(fault);
};
