import * as z from 'zod';

// Environment variables that several Lambdas read; each Lambda's `env.ts` picks its own.

export const TableEnv = {
  /** Name of the sessions table. */
  TABLE_NAME: z.string().min(1),
};

export const ConfigEnv = {
  /** Key of the stage in `infra/config.ts`. */
  STAGE: z.string().min(1),
  /** Path of the JSON file with accounts and channels, deployed with the bundle. */
  CONFIG_FILE: z.string().min(1),
};

export const SecretsEnv = {
  /** What the names of the stack's secrets in Secrets Manager begin with: `<prefix>/<owner>/<part>`. */
  SECRET_PREFIX: z.string().min(1),
};

/** What Lambda itself sets: with the credentials of the role, the calls to AWS are signed for this region. */
export const RegionEnv = {
  AWS_REGION: z.string().min(1),
};
