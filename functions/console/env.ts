import * as z from 'zod';

/** The file with the built page, beside the bundle. */
export const PAGE_ASSET = 'page.json';

export const ConsoleEnv = z.object({
  /** Key of the stage in `infra/config.ts`. */
  STAGE: z.string().min(1),
  /** Path of the JSON file with the built page, deployed with the bundle. */
  PAGE_FILE: z.string().min(1),
  /** The sign-in page of the token issuer. */
  AUTHORIZE_URL: z.url(),
  TOKEN_URL: z.url(),
  /** Empty where the issuer has none. */
  LOGOUT_URL: z.union([z.url(), z.literal('')]),
  /** The public client of the page. */
  CLIENT_ID: z.string().min(1),
  /** What the page asks for, separated by spaces. */
  SCOPE: z.string().min(1),
  /** The origin of the bucket of the files. */
  FILE_ORIGIN: z.url(),
  POLL_SECONDS: z.coerce.number().positive(),
  LIST_SECONDS: z.coerce.number().positive(),
});
export type ConsoleEnv = z.output<typeof ConsoleEnv>;
