import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { LocalConfig } from '../../functions/shared/domain/config.ts';
import { freePort } from '../../infra/local/dynamodb-local.ts';
import { secretsOf, signingSecretsOf } from '../../infra/local/local-config.ts';
import type { ProviderName } from '../../infra/local/simulator/vendor.ts';
import type { Assembly } from './assembly/assembly.ts';
import { PLACE } from './assembly/intrinsics.ts';

const Code = z.object({ S3Key: z.string() });
const BundledConfig = z.looseObject({ accounts: z.array(z.looseObject({ provider: z.string() })) });

const secretsFor = (provider: string, secretAccessKey: string): object => {
  if (provider === 'meta')
    return { appSecrets: ['rehearsal-app-secret'], verifyToken: 'rehearsal-verify', accessToken: 'rehearsal-token' };
  if (provider === 'sinch')
    return { webhookSecrets: ['rehearsal-webhook'], keyId: 'rehearsal-key-id', keySecret: 'rehearsal-key-secret' };
  return { accessKeyId: 'of-each-role', secretAccessKey, region: PLACE.region };
};

/** The configuration in the bundles, with the secrets of the simulated providers beside it. */
export const readBundledConfig = (assembly: Assembly, secretAccessKey: string): LocalConfig => {
  const [first] = assembly.ofType('AWS::Lambda::Function');
  const { S3Key } = Code.parse(first?.properties['Code']);
  const bundled = JSON.parse(readFileSync(join(assembly.assetFolder(S3Key), 'config.json'), 'utf8'));
  const { accounts, ...others } = BundledConfig.parse(bundled);
  const withSecrets = accounts.map((account) => ({
    ...account,
    secrets: secretsFor(account.provider, secretAccessKey),
  }));
  return LocalConfig.parse({ accounts: withSecrets, ...others });
};

/** Does what an operator does after the deploy: stores the secrets of accounts and endpoints. */
export const fillSecrets = async (config: LocalConfig, store: (ending: string, value: unknown) => void) => {
  for (const account of config.accounts.filter(({ provider }) => provider !== 'aws-social'))
    for (const part of ['webhook', 'api'] as const)
      store(`${account.id}/${part}`, await secretsOf(config)(account, part));
  for (const { id, deliveries } of config.channels.filter((channel) => channel.deliveries.length > 0)) {
    const byUrl: Record<string, readonly string[]> = {};
    for (const { url } of deliveries) byUrl[url] = await signingSecretsOf(config)(id, url);
    store(`${id}/deliveries`, byUrl);
  }
};

/** The signing secrets of every endpoint, by its URL. */
export const endpointSecrets = async ({ channels, ...config }: LocalConfig) => {
  const secrets: Record<string, readonly string[]> = {};
  for (const { id, deliveries } of channels)
    for (const { url } of deliveries) secrets[url] = await signingSecretsOf({ channels, ...config })(id, url);
  return secrets;
};

const PROVIDERS = ['meta', 'sinch', 'aws-social'] as const satisfies readonly ProviderName[];

/** A free port for each simulated provider. */
export const choosePorts = async (): Promise<ReadonlyMap<ProviderName, number>> => {
  const ports = new Map<ProviderName, number>();
  for (const provider of PROVIDERS) ports.set(provider, await freePort());
  return ports;
};
