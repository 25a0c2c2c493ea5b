import type { Channel } from '../shared/domain/config.ts';
import type { MessageContent } from '../shared/domain/content.ts';
import { type NamedUpload, type PreparedFile, type ReadyFile, uploadsIn } from '../shared/domain/upload.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import { invalidRequest } from '../shared/http/request.ts';
import { RETRY_AFTER_SECONDS } from './outcome.ts';
import type { SendRuntime } from './runtime.ts';

/** What the provider takes in the place of each uploaded file. */
export type ReadyFiles = ReadonlyMap<string, ReadyFile>;

const toProblem = ({ path }: NamedUpload, file: Exclude<PreparedFile, { readonly kind: 'ready' }>): ProblemDetails => {
  if (file.kind === 'unfit') return invalidRequest([{ path, message: file.message }]).problem;
  const { code, title } = file;
  const provider = { code, title };
  if (file.kind === 'rejected')
    return {
      code: 'provider_rejected',
      detail: `The provider did not take the file, with code ${code}. Nothing was sent.`,
      nextAction: file.nextAction,
      provider,
    };
  return {
    code: 'provider_unavailable',
    detail: 'The file could not be handed to the provider yet. Nothing was sent: send it again after Retry-After.',
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    provider,
  };
};

const prepare = (
  { prepareFile, log }: SendRuntime,
  { id: channel }: Channel,
  { upload, kind }: NamedUpload,
): Promise<PreparedFile> =>
  prepareFile({ channel, upload, kind }).catch((fault: unknown) => {
    log.error('outbound-send.file-not-prepared', { channel }, fault);
    return { kind: 'unavailable', code: 'not_prepared', title: 'The file is not ready' };
  });

/** Makes the uploaded files of a message what its provider takes; nothing is claimed or sent before. */
export const prepareFiles = async (
  runtime: SendRuntime,
  channel: Channel,
  content: MessageContent,
): Promise<ReadyFiles | ProblemDetails> => {
  const uploads = uploadsIn(content);
  const files = await Promise.all(uploads.map((upload) => prepare(runtime, channel, upload)));
  const ready = new Map<string, ReadyFile>();
  for (const [index, named] of uploads.entries()) {
    const file = files[index];
    if (file?.kind === 'ready') ready.set(named.upload, file);
    else if (file !== undefined) return toProblem(named, file);
  }
  return ready;
};
