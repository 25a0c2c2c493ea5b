import * as z from 'zod';

/** The parts of an account's secrets, stored apart: what verifies webhooks, and what sends and reads templates. */
export type SecretPart = 'webhook' | 'api';

const Secret = z.string().min(1);

/** What verifies a Meta app's webhooks: the app secrets (several during a rotation) and the verify token. */
export const MetaWebhookSecrets = z.strictObject({ appSecrets: z.array(Secret).min(1), verifyToken: Secret });
export type MetaWebhookSecrets = z.infer<typeof MetaWebhookSecrets>;

/** What sends through a Meta app and reads its templates: the access token. */
export const MetaApiSecrets = z.strictObject({ accessToken: Secret });
export type MetaApiSecrets = z.infer<typeof MetaApiSecrets>;

/** What verifies a Sinch app's webhooks: the webhook secrets (several during a rotation). */
export const SinchWebhookSecrets = z.strictObject({ webhookSecrets: z.array(Secret).min(1) });
export type SinchWebhookSecrets = z.infer<typeof SinchWebhookSecrets>;

/** What sends through a Sinch app and reads its templates: the access key for OAuth2 tokens. */
export const SinchApiSecrets = z.strictObject({ keyId: Secret, keySecret: Secret });
export type SinchApiSecrets = z.infer<typeof SinchApiSecrets>;

/** All secrets of a Meta app, as a local configuration holds them. */
export const MetaSecrets = MetaWebhookSecrets.extend(MetaApiSecrets.shape);
export type MetaSecrets = z.infer<typeof MetaSecrets>;

/** All secrets of a Sinch app, as a local configuration holds them. */
export const SinchSecrets = SinchWebhookSecrets.extend(SinchApiSecrets.shape);
export type SinchSecrets = z.infer<typeof SinchSecrets>;

/** What signs the calls to AWS End User Messaging Social: in AWS the credentials of the function's own role. */
export const AwsSocialApiSecrets = z.strictObject({
  accessKeyId: Secret,
  secretAccessKey: Secret,
  sessionToken: Secret.optional(),
  /** The region of the function; an account's own comes first. */
  region: Secret,
});
export type AwsSocialApiSecrets = z.infer<typeof AwsSocialApiSecrets>;

/** Nothing of AWS is signed by a secret of ours: events are trusted by the policy of their topic. */
const AwsSocialWebhookSecrets = z.strictObject({});

/** The form of each part of an account's secrets, by provider. */
export const SECRET_FORMS = {
  'aws-social': { webhook: AwsSocialWebhookSecrets, api: AwsSocialApiSecrets },
  meta: { webhook: MetaWebhookSecrets, api: MetaApiSecrets },
  sinch: { webhook: SinchWebhookSecrets, api: SinchApiSecrets },
} as const satisfies Readonly<Record<string, Readonly<Record<SecretPart, z.ZodObject>>>>;

const SIGNING_SECRET = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;

/** Whether a secret has the format and the length that Standard Webhooks requires. */
const isSigningSecret = (secret: string): boolean => {
  const bytes = atob(SIGNING_SECRET.exec(secret)?.[1] ?? '').length;
  return bytes >= 24 && bytes <= 64;
};

/** The secrets that sign an endpoint's events: several during a rotation. */
export const SigningSecrets = z
  .array(z.string().refine(isSigningSecret, 'is whsec_ and the base64 of 24 to 64 random bytes'))
  .min(1);
export type SigningSecrets = z.infer<typeof SigningSecrets>;
