import { PLACE } from '../assembly/intrinsics.ts';
import type { AwsCall, AwsReply, AwsService } from '../aws/aws-call.ts';
import type { createS3 } from '../aws/s3.ts';

const xml = (status: number, body: string): AwsReply => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>${body}`,
});

/** What the CLI asks about a bucket and not about an object, by the parameter of the query that names it. */
const QUESTIONS: Readonly<Record<string, string>> = {
  location: 's3:GetBucketLocation',
  encryption: 's3:GetEncryptionConfiguration',
  'list-type': 's3:ListBucket',
};

interface BucketOptions {
  /** The name of the bucket that the bootstrap makes; `undefined` before it. */
  readonly name: () => string | undefined;
  readonly s3: ReturnType<typeof createS3>;
}

const answer = (question: string, { query }: AwsCall, keys: readonly string[]): AwsReply => {
  if (question === 'location')
    return xml(
      200,
      `<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${PLACE.region}</LocationConstraint>`,
    );
  if (question === 'encryption')
    return xml(
      200,
      '<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>',
    );
  const prefix = new URLSearchParams(query).get('prefix') ?? '';
  const found = keys.filter((key) => key.startsWith(prefix));
  const contents = found.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`).join('');
  return xml(200, `<ListBucketResult><KeyCount>${found.length}</KeyCount>${contents}</ListBucketResult>`);
};

/** S3 with the bucket to which the CLI uploads templates and bundles. */
export const createAssetsBucket = ({ name, s3 }: BucketOptions): AwsService => {
  const questionOf = ({ method, query }: AwsCall): string | undefined =>
    method === 'GET' ? Object.keys(QUESTIONS).find((question) => new URLSearchParams(query).has(question)) : undefined;
  const bucketOf = ({ path }: AwsCall): string => path.split('/')[1] ?? '';
  return {
    accesses: (call) => {
      const question = questionOf(call);
      if (question === undefined) return s3.service.accesses(call);
      return [{ action: QUESTIONS[question] ?? '', resource: `arn:aws:s3:::${bucketOf(call)}` }];
    },
    deny: s3.service.deny,
    perform: async (call) => {
      const bucket = bucketOf(call);
      if (bucket !== name())
        return xml(404, '<Error><Code>NoSuchBucket</Code><Message>no such bucket</Message></Error>');
      const question = questionOf(call);
      if (question === undefined) return s3.service.perform(call);
      const start = `/${bucket}/`;
      return answer(
        question,
        call,
        s3.keys().flatMap((key) => (key.startsWith(start) ? [key.slice(start.length)] : [])),
      );
    },
  };
};
