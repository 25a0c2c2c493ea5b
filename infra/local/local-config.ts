import * as z from 'zod';
import { Config, type LocalConfig } from '../../functions/shared/domain/config.ts';
import type { SecretSource } from '../../functions/shared/providers/secret-source.ts';
import type { SigningSecretSource } from '../../functions/shared/runtime/secrets.ts';
import { BUILT_IN, parseConfiguration, readConfiguration } from '../shared/local-configuration.ts';
import type { ProviderName } from './simulator/call-log.ts';

export { BUILT_IN, readConfiguration };

/** Where the simulated providers listen. */
export type SimulatorOrigins = Readonly<Record<ProviderName, string>>;

const simulatedUrls = (provider: unknown, { meta, sinch }: SimulatorOrigins): object => {
  if (provider === 'meta') return { baseUrl: meta };
  if (provider === 'sinch') return { baseUrl: sinch, authUrl: `${sinch}/oauth2/token`, provisioningUrl: sinch };
  return {};
};

const Addressable = z.looseObject({ accounts: z.array(z.looseObject({ provider: z.unknown() })) });

/** Whatever address the file leaves out is the simulator's. */
const withSimulator = (value: unknown, origins: SimulatorOrigins): unknown => {
  const parsed = Addressable.safeParse(value);
  if (!parsed.success) return value;
  const accounts = parsed.data.accounts.map((account) => ({ ...simulatedUrls(account.provider, origins), ...account }));
  return { ...parsed.data, accounts };
};

/** Checks a configuration and points it at the simulator. */
export const toLocalConfig = (value: unknown, origins: SimulatorOrigins): LocalConfig =>
  parseConfiguration(withSimulator(value, origins));

const withoutSecret = (owner: object): object =>
  Object.fromEntries(Object.entries(owner).filter(([name]) => name !== 'secrets'));

/** What is deployed in AWS: the configuration without its secrets. */
export const withoutSecrets = ({ accounts, channels }: LocalConfig): Config =>
  Config.parse({
    accounts: accounts.map(withoutSecret),
    channels: channels.map((channel) => ({ ...channel, deliveries: channel.deliveries.map(withoutSecret) })),
  });

const missing = (id: string) => new Error(`account ${id} has no secrets of that provider`);

/** Gives each account the secrets that stand beside it. */
export const secretsOf = ({ accounts }: LocalConfig): SecretSource => {
  return {
    meta: async (id) => {
      const account = accounts.find((candidate) => candidate.id === id);
      if (account?.provider !== 'meta') throw missing(id);
      return account.secrets;
    },
    sinch: async (id) => {
      const account = accounts.find((candidate) => candidate.id === id);
      if (account?.provider !== 'sinch') throw missing(id);
      return account.secrets;
    },
  };
};

/** What deliveries are signed with that name no secret of their own. */
export const LOCAL_SIGNING_SECRET = `whsec_${btoa('carewindow-local-signing-secret!')}`;

/** Gives each delivery the signing secrets that stand beside it. */
export const signingSecretsOf =
  ({ channels }: LocalConfig): SigningSecretSource =>
  async (id, url) => {
    const channel = channels.find((candidate) => candidate.id === id);
    const delivery = channel?.deliveries.find((candidate) => candidate.url === url);
    return delivery?.secrets?.signingSecrets ?? [LOCAL_SIGNING_SECRET];
  };
