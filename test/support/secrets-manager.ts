import { vi } from 'vitest';
import { aProviderServer, type ProviderServer } from './provider-server.ts';

/** A Secrets Manager that returns the text that the test gives for a name; sets the environment in which the SDK finds it. */
export const aSecretsManager = async (secretOf: (name: string) => string): Promise<ProviderServer> => {
  const server = await aProviderServer(({ body }) => {
    const { SecretId } = body as { SecretId: string };
    return { body: { ARN: SecretId, Name: SecretId, SecretString: secretOf(SecretId) } };
  });
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', server.url);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  return {
    ...server,
    close: async () => {
      vi.unstubAllEnvs();
      await server.close();
    },
  };
};
