import * as z from 'zod';

/** Environment variables that several Lambdas read; each Lambda's `env.ts` picks its own. */
export const TableEnv = {
  /** Name of the sessions table. */
  TABLE_NAME: z.string().min(1),
};

export const ConfigEnv = {
  /** Path of the JSON file with accounts and channels that lies beside the bundle. */
  CONFIG_FILE: z.string().min(1),
};

export const SecretsEnv = {
  /** JSON object: account id → ARN of its secret in Secrets Manager. */
  SECRET_ARNS: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.record(z.string(), z.string())),
};
