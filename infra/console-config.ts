import * as z from 'zod';
import { SCOPE_NAMES } from '../functions/shared/http/routes.ts';
import { clientCount, MAX_AUDIENCES, type OAuth, TOO_MANY } from './oauth-config.ts';

/** An address that the browsers of its users must reach, which may be one of a private network. */
const BrowserUrl = z.url({ protocol: /^https$/, error: 'is not an https URL' });

const SignIn = z.strictObject({
  authorizeUrl: BrowserUrl,
  tokenUrl: BrowserUrl,
  logoutUrl: BrowserUrl.optional(),
  /** A public client of authorization code with PKCE: the page keeps no secret. */
  clientId: z.string().min(1),
  /** What the page asks for, separated by spaces; some issuers give out refresh tokens for `offline_access` alone. */
  scope: z.string().min(1).default(SCOPE_NAMES.join(' ')),
});

export type SignIn = z.infer<typeof SignIn>;

/** The page for the people who answer, at the root of the API. */
export const Console = z.strictObject({
  /** The origin of a domain of yours that leads to the API. @default - the page is opened at the API's own address */
  origin: BrowserUrl.refine((url) => new URL(url).origin === url, {
    error: 'is more than an origin, such as https://care.example.com',
  }).optional(),
  /** How often the page reads again what is in front of its user; docs/cost.md says what it costs. */
  pollSeconds: z.int().min(2).max(60).default(5),
  /** How often it reads all open sessions again, so how soon a new customer is in the list. */
  listSeconds: z.int().min(2).max(600).default(30),
  /** The sign-in of an issuer of yours. @default - that of the stack's user pool */
  signIn: SignIn.optional(),
});
export type Console = z.infer<typeof Console>;

interface Configured {
  readonly oauth?: OAuth | undefined;
  readonly console?: Console | undefined;
}

interface Mistake {
  readonly path: string[];
  readonly message: string;
}

const mistakeInPool = (clients: number, { signIn }: Console): Mistake | undefined => {
  if (signIn !== undefined)
    return { path: ['console', 'signIn'], message: 'is that of the user pool which the stack makes: leave it out' };
  return clients < MAX_AUDIENCES
    ? undefined
    : { path: ['oauth', 'clients'], message: `${TOO_MANY}, one of them the console` };
};

const mistakeIn = ({ oauth, console }: Configured): Mistake | undefined => {
  const clients = oauth?.provider === 'cognito' ? clientCount(oauth) : undefined;
  if (console === undefined)
    return clients === 0
      ? { path: ['oauth'], message: 'needs clients, signIn or a console: no one could get an access token' }
      : undefined;
  if (oauth === undefined)
    return { path: ['console'], message: 'needs oauth: the page calls the API with the access token of its user' };
  if (clients !== undefined) return mistakeInPool(clients, console);
  return console.signIn === undefined
    ? { path: ['console', 'signIn'], message: 'is missing: enter the sign-in of the issuer that oauth names' }
    : undefined;
};

/** Refuses a console whose users could not sign in, and a user pool of which no one could get an access token. */
export const checkConsole = (stage: Configured, context: z.RefinementCtx): void => {
  const mistake = mistakeIn(stage);
  if (mistake !== undefined) context.addIssue({ code: 'custom', ...mistake });
};
