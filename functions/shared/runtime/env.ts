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

const Arns = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.record(z.string(), z.string()));

export const SecretsEnv = {
  /** JSON object: account id → ARN of its secret in Secrets Manager. */
  SECRET_ARNS: Arns,
};

export const DeliverySecretsEnv = {
  /** JSON object: channel id → ARN of the secret that holds the signing secrets of its endpoints. */
  DELIVERY_SECRET_ARNS: Arns,
};
