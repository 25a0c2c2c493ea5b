import * as z from 'zod';

/** What the page needs to know of its deployment, answered to `GET /console/config.json`; none of it is a secret. */
export const PageConfig = z.strictObject({
  /** The root of the API that takes access tokens, of the page's own origin. */
  api: z.string().startsWith('/'),
  /** The sign-in of the token issuer: authorization code with PKCE, for a public client. */
  signIn: z.strictObject({
    authorizeUrl: z.url(),
    tokenUrl: z.url(),
    logoutUrl: z.url().optional(),
    clientId: z.string().min(1),
    scope: z.string().min(1),
  }),
  /** Where the files of customers are read and uploaded. */
  fileOrigin: z.url(),
  /** How often the page reads again what is in front of its user. */
  pollSeconds: z.number().positive(),
  /** How often it reads the list of all open sessions again, which costs more. */
  listSeconds: z.number().positive(),
});
export type PageConfig = z.infer<typeof PageConfig>;
