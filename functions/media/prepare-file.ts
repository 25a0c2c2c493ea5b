import { createWriteStream, openAsBlob } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Channel } from '../shared/domain/config.ts';
import { mediaFault } from '../shared/domain/media-file.ts';
import { MEDIA_KINDS } from '../shared/domain/media-kind.ts';
import { type PreparedFile, type PrepareRequest, uploadKey } from '../shared/domain/upload.ts';
import { type MediaUploader, NEXT_ACTION, type UploadOutcome } from '../shared/providers/provider.ts';
import type { BucketFile } from '../shared/runtime/file-bucket.ts';
import { onDisk } from './on-disk.ts';
import type { MediaRuntime } from './runtime.ts';

interface Uploaded {
  readonly channel: Channel;
  readonly upload: string;
  readonly key: string;
  readonly file: BucketFile;
}

const unfit = (message: string): PreparedFile => ({ kind: 'unfit', message });

const UNKNOWN = unfit('names no file: upload it, or again where its days are over or its customer was erased');

const toPrepared = (outcome: UploadOutcome): PreparedFile => {
  if (outcome.kind === 'uploaded') return { kind: 'ready', mediaId: outcome.mediaId };
  const { code, title, class: class_ } = outcome.error;
  return outcome.kind === 'rejected'
    ? { kind: 'rejected', code, title, nextAction: NEXT_ACTION[class_] }
    : { kind: 'unavailable', code, title };
};

/** A provider that fetches the file does so at once. */
const LINK_SECONDS = 300;

/** Uploads a file to the provider: by a link, or through the disk, so that it is not held in memory. */
const handOver = (
  { bucket }: MediaRuntime,
  uploader: MediaUploader,
  { channel, key, file: { mimeType } }: Uploaded,
): Promise<UploadOutcome> =>
  onDisk((path) => {
    const open = async (): Promise<File> => {
      await pipeline(await bucket.open(key), createWriteStream(path));
      const blob = await openAsBlob(path, { type: mimeType });
      return new File([blob], key.split('/').at(-1) ?? 'file', { type: mimeType });
    };
    return uploader.upload({ mimeType, open, link: () => bucket.link(key, { seconds: LINK_SECONDS }) }, channel);
  });

/** Uploads a file once, and knows the provider's id of it from then on. */
const uploadOnce = async (
  runtime: MediaRuntime,
  uploader: MediaUploader,
  uploaded: Uploaded,
): Promise<PreparedFile> => {
  const { store, now } = runtime;
  const { channel, upload, file } = uploaded;
  // A number that moved is at a provider or an account that does not know the id of the one before.
  const version = `${channel.account} ${file.version}`;
  const of = { channel: channel.id, upload, version, now: now() };
  const known = await store.findUploaded(of);
  if (known !== undefined) return { kind: 'ready', mediaId: known };
  const outcome = await handOver(runtime, uploader, uploaded);
  if (outcome.kind === 'uploaded') await store.recordUploaded(of, outcome.mediaId);
  return toPrepared(outcome);
};

/** Looks at an uploaded file again and makes it what the provider of the channel takes: its own id, or a link for an hour. */
export const prepareFile = async (runtime: MediaRuntime, request: PrepareRequest): Promise<PreparedFile> => {
  const { bucket, uploaderOf, channel: configured } = runtime;
  const { upload } = request;
  const [channel, key] = [configured(request.channel), uploadKey(request.channel, upload)];
  const kind = MEDIA_KINDS.find((known) => known === request.kind);
  if (channel === undefined || key === undefined || kind === undefined) return UNKNOWN;
  const file = await bucket.find(key);
  if (file === undefined) return UNKNOWN;
  const fault = mediaFault(kind, file);
  if (fault !== undefined) return unfit(`names a file whose ${fault.field} ${fault.message}`);
  const uploader = uploaderOf(channel);
  return uploader === undefined
    ? { kind: 'ready', url: await bucket.lastingLink(key) }
    : uploadOnce(runtime, uploader, { channel, upload, key, file });
};
