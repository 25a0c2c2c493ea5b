import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NotFound,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { awsClientLimits } from '../network/aws-client-limits.ts';
import type { LinkSigner } from './link-signer.ts';

/** A file on the disk of this machine. */
export interface DiskFile {
  readonly path: string;
  readonly size: number;
  readonly mimeType: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** A file in the bucket. */
export interface BucketFile {
  readonly size: number;
  readonly mimeType: string;
  /** Changes with the content. */
  readonly version: string;
}

export interface LinkOptions {
  readonly seconds: number;
  /** The answer's `Content-Disposition`. */
  readonly disposition?: string;
}

/** A form that a client posts with the file as its last field, `file`. */
export interface UploadForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The bucket of the files of customers and of the business. */
export interface FileBucket {
  readonly put: (key: string, file: DiskFile) => Promise<void>;
  readonly find: (key: string) => Promise<BucketFile | undefined>;
  /** Reads a file. */
  readonly open: (key: string) => Promise<AsyncIterable<Uint8Array>>;
  /** Also resolves where there is no such file. */
  readonly remove: (key: string) => Promise<void>;
  /** A link that anyone can read the file with for some minutes. */
  readonly link: (key: string, options: LinkOptions) => Promise<string>;
  /** A link that is valid for an hour whatever becomes of this function's own credentials. */
  readonly lastingLink: (key: string) => Promise<string>;
  /** A link by which anyone can write the file for some minutes. */
  readonly writeLink: (key: string, seconds: number) => Promise<string>;
  /** Accepts a file of exactly that type and size. */
  readonly uploadForm: (
    key: string,
    file: Pick<BucketFile, 'mimeType' | 'size'> & { readonly seconds: number },
  ) => Promise<UploadForm>;
}

/** Long enough for the largest file. A link to write with holds no checksum, which would be that of no bytes. */
export const createS3Client = (config: S3ClientConfig = {}): S3Client =>
  new S3Client({ ...awsClientLimits(3, 45_000), requestChecksumCalculation: 'WHEN_REQUIRED', ...config });

const findObject = async (client: S3Client, Bucket: string, Key: string): Promise<BucketFile | undefined> => {
  try {
    const {
      ContentLength = 0,
      ContentType = '',
      ETag = '',
    } = await client.send(new HeadObjectCommand({ Bucket, Key }));
    return { size: ContentLength, mimeType: ContentType, version: ETag };
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
};

/** The bucket in S3; `signer` signs what must outlive the credentials of `client`. */
export const createS3Bucket = (client: S3Client, Bucket: string, signer: LinkSigner): FileBucket => ({
  put: async (Key, { path, size, mimeType, sha256 }) => {
    await client.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body: createReadStream(path),
        ContentLength: size,
        ContentType: mimeType,
        // S3 refuses a body whose hash is another.
        ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
      }),
    );
  },
  find: (key) => findObject(client, Bucket, key),
  open: async (Key) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    if (!(Body instanceof Readable)) throw new TypeError('in Node.js the body of an object is a stream');
    return Body;
  },
  remove: async (Key) => {
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
  },
  link: (Key, { seconds, disposition }) =>
    getSignedUrl(client, new GetObjectCommand({ Bucket, Key, ResponseContentDisposition: disposition }), {
      expiresIn: seconds,
    }),
  lastingLink: (Key) => signer(new GetObjectCommand({ Bucket, Key })),
  writeLink: (Key, expiresIn) => getSignedUrl(client, new PutObjectCommand({ Bucket, Key }), { expiresIn }),
  uploadForm: async (Key, { mimeType, size, seconds }) => {
    const form = await createPresignedPost(client, {
      Bucket,
      Key,
      Fields: { 'Content-Type': mimeType },
      Conditions: [['content-length-range', size, size]],
      Expires: seconds,
    });
    return form;
  },
});
