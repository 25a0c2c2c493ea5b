import * as z from 'zod';
import { Id } from '../functions/shared/domain/config-fields.ts';
import { SCOPES } from '../functions/shared/http/routes.ts';
import { mistakeIn } from './deployable.ts';

/** The quota of API Gateway for the audiences of one authorizer; a client of Cognito is one, since its tokens carry no `aud`. */
export const MAX_AUDIENCES = 50;

export const TOO_MANY = `are more than ${MAX_AUDIENCES}, the audiences that an authorizer of API Gateway accepts`;

const Scope = z.enum(SCOPES);

/** A system that gets its tokens with an id and a secret. */
const Client = z.strictObject({ id: Id, scopes: z.array(Scope).min(1, 'needs at least one scope') });

const CallbackUrls = z.array(z.url({ protocol: /^https$/, error: 'is not an https URL' })).min(1);

const Cognito = z.strictObject({
  provider: z.literal('cognito'),
  /** The first label of the domain of token endpoint and sign-in page, unique within an AWS region. */
  domainPrefix: z.string().regex(/^(?!.*(?:aws|amazon|cognito))[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, {
    error: 'is up to 63 lower-case letters, digits and hyphens, without the words aws, amazon and cognito',
  }),
  clients: z
    .array(Client)
    .default([])
    .refine((clients) => new Set(clients.map(({ id }) => id)).size === clients.length, 'has an id twice'),
  /**
   * A function of yours that adds claims to tokens (event version V3), such as `carewindow_channels`, which binds a client
   * to channels. @default - tokens carry the claims of Cognito alone
   */
  claimsFunctionArn: z
    .string()
    .regex(/^arn:aws[\w-]*:lambda:[^:]+:\d+:function:[\w-]+$/, 'must be the ARN of a Lambda function')
    .optional(),
  /** Where people are sent back to once they have signed in or out. @default - no person can sign in */
  signIn: z.strictObject({ callbackUrls: CallbackUrls, logoutUrls: CallbackUrls }).optional(),
});
export type Cognito = z.infer<typeof Cognito>;

const Oidc = z.strictObject({
  provider: z.literal('oidc'),
  issuer: z.url({ protocol: /^https$/, error: 'is not an https URL', abort: true }).superRefine((url, context) => {
    const message = mistakeIn(url);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  }),
  audiences: z.array(z.string().min(1)).min(1, 'needs at least one audience').max(MAX_AUDIENCES, TOO_MANY),
});

/** How many clients the user pool has. */
export const clientCount = ({ clients, signIn }: Cognito): number => clients.length + (signIn === undefined ? 0 : 1);

/** Who issues the access tokens of callers that cannot sign with AWS Signature Version 4. */
export const OAuth = z.discriminatedUnion('provider', [
  Oidc,
  Cognito.refine((cognito) => clientCount(cognito) <= MAX_AUDIENCES, { path: ['clients'], error: TOO_MANY }),
]);
export type OAuth = z.infer<typeof OAuth>;
