import { type GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { awsClientLimits } from '../network/aws-client-limits.ts';

/** Signs a link to a file. */
export type LinkSigner = (command: GetObjectCommand) => Promise<string>;

export const createStsClient = (): STSClient => new STSClient(awsClientLimits(3));

/** The longest session of a role that another role assumes (IAM, role chaining). */
const SESSION_SECONDS = 3_600;

/**
 * A link dies with the credentials that sign it, and nothing says when those of a Lambda end. So each link is signed in a
 * session of its own, which begins with the link and ends with it.
 */
export const createLinkSigner =
  (sts: STSClient, RoleArn: string): LinkSigner =>
  async (command) => {
    const { Credentials: session } = await sts.send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'file-link', DurationSeconds: SESSION_SECONDS }),
    );
    if (session?.AccessKeyId === undefined || session.SecretAccessKey === undefined)
      throw new Error('the role of the links has no session');
    const client = new S3Client({
      ...awsClientLimits(1),
      credentials: {
        accessKeyId: session.AccessKeyId,
        secretAccessKey: session.SecretAccessKey,
        ...(session.SessionToken === undefined ? {} : { sessionToken: session.SessionToken }),
      },
    });
    return getSignedUrl(client, command, { expiresIn: SESSION_SECONDS });
  };
