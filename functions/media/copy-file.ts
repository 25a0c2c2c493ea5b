import type { Channel } from '../shared/domain/config.ts';
import type { MediaTask } from '../shared/domain/media-task.ts';
import type { ProviderFile } from '../shared/domain/provider-file.ts';
import type { DropPlace, OpenedMedia } from '../shared/providers/provider.ts';
import type { FileFault, FileMessage } from '../shared/store/message/message-file.ts';
import { onDisk } from './on-disk.ts';
import type { MediaRuntime } from './runtime.ts';
import { saveFile } from './save-file.ts';

type CopyTask = Extract<MediaTask, { readonly task: 'copy' }>;

/** `unavailable` is tried again; all others are final. */
export type Copied =
  | { readonly kind: 'copied'; readonly bytes: number }
  | { readonly kind: 'not_needed' }
  | { readonly kind: 'failed'; readonly fault: FileFault }
  | { readonly kind: 'unavailable'; readonly code: string };

/** A message that was removed meanwhile leaves no file. */
const store = (
  { bucket, store }: MediaRuntime,
  { name, fileKey = '' }: FileMessage,
  opened: OpenedMedia,
): Promise<Copied> =>
  onDisk(async (path): Promise<Copied> => {
    const saved = await saveFile(opened, path);
    if (saved.kind !== 'saved') return { kind: 'failed', fault: saved.kind };
    const { mimeType, size, sha256 } = saved.file;
    await bucket.put(fileKey, saved.file);
    if (await store.recordCopy(name, { mimeType, size, sha256 })) return { kind: 'copied', bytes: size };
    await bucket.remove(fileKey);
    return { kind: 'not_needed' };
  });

/** A provider that writes the file does so at once. */
const DROP_SECONDS = 300;

interface CopiedFile {
  readonly channel: Channel;
  readonly message: FileMessage;
  readonly file: ProviderFile;
}

/** A place of its own for what the provider writes, which is gone after the copy, whatever became of that. */
const withDropPlace = async <T>(
  { bucket, newFileKey }: MediaRuntime,
  channel: Channel,
  use: (drop: DropPlace) => Promise<T>,
): Promise<T> => {
  const key = newFileKey(channel);
  let isGivenOut = false;
  const link = (): Promise<string> => {
    isGivenOut = true;
    return bucket.writeLink(key, DROP_SECONDS);
  };
  try {
    return await use({ link, open: () => bucket.open(key) });
  } finally {
    if (isGivenOut) await bucket.remove(key);
  }
};

const copyFrom = async (
  runtime: MediaRuntime,
  { channel, message, file }: CopiedFile,
  drop: DropPlace,
): Promise<Copied> => {
  const opened = await runtime.sourceOf(channel).open(file, channel, drop);
  switch (opened.kind) {
    case 'opened':
      return store(runtime, message, { ...opened, mimeType: opened.mimeType ?? file.mimeType });
    case 'gone':
      return { kind: 'failed', fault: 'gone' };
    case 'refused':
      return { kind: 'failed', fault: 'host_refused' };
    case 'unavailable':
      return opened;
  }
};

/** Copies the provider's file of a message into the bucket, once; a repetition replaces the same file. */
export const copyFile = async (runtime: MediaRuntime, { task: _, ...name }: CopyTask): Promise<Copied> => {
  const channel = runtime.channel(name.channel);
  if (channel === undefined) return { kind: 'not_needed' };
  const begun = { fileKey: runtime.newFileKey(channel), now: runtime.now() };
  const message = await runtime.store.beginCopy(name, begun);
  if (message?.file === undefined) return { kind: 'not_needed' };
  const { file } = message;
  const copied = await withDropPlace(runtime, channel, (drop) => copyFrom(runtime, { channel, message, file }, drop));
  if (copied.kind === 'failed') await runtime.store.recordFileFault(name, copied.fault);
  return copied;
};
