import { randomBytes } from 'node:crypto';

/** Credentials as Lambda and STS give them out; each role has an access key of its own. */
export interface Credentials {
  /** The secret of every access key. */
  readonly secretAccessKey: string;
  /** A new access key of a role. */
  readonly accessKeyOf: (roleArn: string) => string;
  /** The role that an access key belongs to. */
  readonly roleOf: (accessKeyId: string) => string | undefined;
}

export const createCredentials = (): Credentials => {
  const roles = new Map<string, string>();
  return {
    secretAccessKey: randomBytes(20).toString('hex'),
    accessKeyOf: (roleArn) => {
      const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
      roles.set(accessKeyId, roleArn);
      return accessKeyId;
    },
    roleOf: (accessKeyId) => roles.get(accessKeyId),
  };
};
