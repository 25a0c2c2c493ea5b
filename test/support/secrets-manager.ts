import { vi } from 'vitest';
import { aProviderServer, type ProviderServer } from './provider-server.ts';

/** The answer of Secrets Manager with an error, by its name; `InternalServiceError` is a fault of its own. */
export class SecretsManagerError extends Error {
  override readonly name: string;
  constructor(name: string, message = name) {
    super(message);
    this.name = name;
  }
}

/**
 * A Secrets Manager that returns the text that the test gives for a name, or the SecretsManagerError that it throws; sets
 * the environment in which the SDK finds it.
 */
export const aSecretsManager = async (secretOf: (name: string) => string): Promise<ProviderServer> => {
  const server = await aProviderServer(({ body }) => {
    const { SecretId } = body as { SecretId: string };
    try {
      return { body: { ARN: SecretId, Name: SecretId, SecretString: secretOf(SecretId) } };
    } catch (fault) {
      if (!(fault instanceof SecretsManagerError)) throw fault;
      return {
        status: fault.name === 'InternalServiceError' ? 500 : 400,
        body: { __type: fault.name, message: fault.message },
      };
    }
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
