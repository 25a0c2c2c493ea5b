import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createMedia } from '../../functions/media/media.ts';
import type { MediaRuntime } from '../../functions/media/runtime.ts';
import type { Channel } from '../../functions/shared/domain/config.ts';
import type { ProviderFile } from '../../functions/shared/domain/provider-file.ts';
import type {
  DropPlace,
  MediaOutcome,
  MediaReference,
  MediaUploader,
} from '../../functions/shared/providers/provider.ts';
import type { BucketFile, FileBucket } from '../../functions/shared/runtime/file-bucket.ts';
import type { FileMessage } from '../../functions/shared/store/message/message-file.ts';
import { CHANNEL, CUSTOMER, NOON } from './arrivals.ts';
import { aMetaAccount, aMetaChannel } from './meta.ts';
import { aLog } from './service.ts';

export const NAME = { channel: CHANNEL, customer: CUSTOMER, atMs: NOON.getTime(), id: 'wamid.1' };

type Stored = { -readonly [Field in keyof FileMessage]: FileMessage[Field] } & { requestedAt?: number };

/** The store of one message, with the outcomes of the table's conditions. */
const aMessageStore = (file: ProviderFile | undefined, name = NAME): MediaRuntime['store'] & { remove: () => void } => {
  let stored: Stored | undefined = { name, file };
  const begin = (fileKey: string, now: Date) => {
    if (stored === undefined || stored.copy !== undefined) return undefined;
    stored = { ...stored, fileKey: stored.fileKey ?? fileKey, requestedAt: now.getTime() / 1000, fault: undefined };
    return stored;
  };
  const uploaded = new Map<string, string>();
  return {
    findUploaded: async ({ upload, version }) => uploaded.get(`${upload} ${version}`),
    recordUploaded: async ({ upload, version }, mediaId) => void uploaded.set(`${upload} ${version}`, mediaId),
    findFileMessage: async ({ id }) => (id === name.id ? stored : undefined),
    readFileMessage: async () => stored,
    requestCopy: async (_, { fileKey, now }) => {
      const isRecent = (stored?.requestedAt ?? -1_000_000) >= now.getTime() / 1000 - 900;
      return !isRecent && begin(fileKey, now) !== undefined;
    },
    beginCopy: async (_, { fileKey, now }) => begin(fileKey, now),
    recordCopy: async (_, copy) => {
      if (stored !== undefined) stored = { ...stored, copy };
      return stored !== undefined;
    },
    recordFileFault: async (_, fault) => {
      if (stored !== undefined) stored = { ...stored, fault };
    },
    remove: () => {
      stored = undefined;
    },
  };
};

/** A bucket in memory; its links name the key and how the file is handled. */
export const aBucket = (): FileBucket & { readonly files: Map<string, { facts: BucketFile; bytes: Buffer }> } => {
  const files = new Map<string, { facts: BucketFile; bytes: Buffer }>();
  return {
    files,
    put: async (key, { path, size, mimeType, sha256 }) => {
      files.set(key, { facts: { size, mimeType, version: sha256 }, bytes: await readFile(path) });
    },
    find: async (key) => files.get(key)?.facts,
    open: async (key) => Readable.from([files.get(key)?.bytes ?? '']),
    writeLink: async (key, seconds) => `https://bucket.example/${key}?write=${seconds}`,
    remove: async (key) => void files.delete(key),
    link: async (key, { seconds, disposition }) => `https://bucket.example/${key}?${seconds}&${disposition ?? ''}`,
    lastingLink: async (key) => `https://bucket.example/${key}?lasting`,
    uploadForm: async (key, { mimeType, size }) => ({
      url: 'https://bucket.example',
      fields: { key, 'Content-Type': mimeType, size: String(size) },
    }),
  };
};

export interface MediaSettingOptions {
  /** Of the message. @default - that of {@link NAME} */
  readonly id?: string;
  readonly file?: ProviderFile;
  /** What the provider answers. */
  readonly open?: (file: MediaReference, drop: DropPlace) => Promise<MediaOutcome>;
  /** Absent where the provider takes a link. */
  readonly uploader?: MediaUploader;
  /** Whether a task is done as soon as it is in the queue. @default - true */
  readonly works?: boolean;
}

/** The Lambda over a store, a bucket and a provider in memory; time passes only while it pauses. */
export const aMediaSetting = ({ id, file, open, uploader, works = true }: MediaSettingOptions = {}) => {
  let now = NOON;
  let elapsed = 0;
  const log = aLog();
  const store = aMessageStore(file, id === undefined ? NAME : { ...NAME, id });
  const bucket = aBucket();
  const tasks: string[] = [];
  let keys = -1;
  let channel: Channel = aMetaChannel();
  const media: ReturnType<typeof createMedia> = createMedia({
    store,
    bucket,
    log,
    queue: {
      send: async (bodies) => {
        tasks.push(...bodies);
        if (works) await run();
      },
    },
    sourceOf: () => ({ open: async (wanted, _, drop) => open?.(wanted, drop) ?? { kind: 'gone' } }),
    uploaderOf: () => uploader,
    random: () => 'ab'.repeat(20),
    newFileKey: () => {
      keys += 1;
      return `30/support/key-${keys}`;
    },
    newId: () => '01JD0Y6Q9RXH3V5T8K2M4N6P7S',
    now: () => now,
    elapsed: () => elapsed,
    pause: async (milliseconds) => {
      elapsed += milliseconds;
    },
    account: () => aMetaAccount(),
    channel: (id) => (id === channel.id ? channel : undefined),
    channels: [channel],
    reaches: () => true,
  });
  /** Works off the queue once; the ids of the tasks that failed. */
  const run = async (bodies: readonly string[] = tasks.splice(0)): Promise<readonly string[]> => {
    const records = bodies.map((body, index) => ({ messageId: `task-${index}`, body }));
    const { batchItemFailures } = await media.onTasks({ Records: records });
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  return {
    ...media,
    run,
    store,
    bucket,
    log,
    tasks,
    /** The number of the channel moves to another account. */
    move: (account: string) => {
      channel = { ...channel, account };
    },
    pass: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1000);
    },
  };
};

/** A file that the provider opens, as these bytes. */
export const opened = (text: string, more: Partial<Extract<MediaOutcome, { kind: 'opened' }>> = {}): MediaOutcome => ({
  kind: 'opened',
  body: (async function* body() {
    yield Buffer.from(text);
  })(),
  sha256: [],
  ...more,
});

/** The drop place of a provider that gives out its files. */
export const NO_DROP: DropPlace = {
  link: () => Promise.reject(new Error('nothing is written')),
  open: () => Promise.reject(new Error('nothing was written')),
};
