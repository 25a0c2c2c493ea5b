import * as z from 'zod';
import { Config, type LocalConfig } from '../../functions/shared/domain/config.ts';
import { SECRET_FORMS, type SecretPart } from '../../functions/shared/domain/secrets.ts';
import type { SecretSource } from '../../functions/shared/providers/secret-source.ts';
import type { SigningSecretSource } from '../../functions/shared/runtime/secrets.ts';
import { type Configuration, parseConfiguration } from '../shared/local-configuration.ts';
import { isProvider, vendorOf } from './simulator/vendors.ts';

/** The origin of each simulated provider. */
type Origins = Readonly<Record<string, string>>;

const simulatedUrls = (provider: unknown, origins: Origins): object =>
  isProvider(provider) ? vendorOf(provider).accountUrls(origins[provider] ?? '') : {};

const WithAccounts = z.looseObject({ accounts: z.array(z.looseObject({ provider: z.unknown() })) });

/** Fills in the simulator's URLs where the configuration has none. */
const withSimulatedUrls = (value: unknown, origins: Origins): unknown => {
  const parsed = WithAccounts.safeParse(value);
  if (!parsed.success) return value;
  const accounts = parsed.data.accounts.map((account) => ({ ...simulatedUrls(account.provider, origins), ...account }));
  return { ...parsed.data, accounts };
};

/** Checks a configuration, with the simulator's URLs where it has none of its own. */
export const toLocalConfig = (value: unknown, origins: Origins, placeOf?: Configuration['placeOf']): LocalConfig =>
  parseConfiguration(withSimulatedUrls(value, origins), placeOf);

const withoutSecret = (owner: object): object =>
  Object.fromEntries(Object.entries(owner).filter(([name]) => name !== 'secrets'));

/** The configuration as AWS gets it, without secrets. */
export const withoutSecrets = ({ accounts, channels }: LocalConfig): Config =>
  Config.parse({
    accounts: accounts.map(withoutSecret),
    channels: channels.map((channel) => ({ ...channel, deliveries: channel.deliveries.map(withoutSecret) })),
  });

const partOf = ({ provider, secrets }: LocalConfig['accounts'][number], part: SecretPart): unknown => {
  const fields = Object.keys(SECRET_FORMS[provider][part].shape);
  return Object.fromEntries(Object.entries(secrets).filter(([name]) => fields.includes(name)));
};

/** Gives each account the part of the secrets that the configuration has beside it, as Secrets Manager stores it. */
export const secretsOf =
  ({ accounts }: LocalConfig): SecretSource =>
  async ({ id, provider }, part) => {
    const account = accounts.find((candidate) => candidate.id === id && candidate.provider === provider);
    if (account === undefined) throw new Error(`account ${id} has no secrets of ${provider}`);
    return partOf(account, part);
  };

/** Signs the deliveries that have no secret of their own in the configuration. */
export const LOCAL_SIGNING_SECRET = `whsec_${btoa('carewindow-local-signing-secret!')}`;

/** The signing secrets of each delivery, from the configuration. */
export const signingSecretsOf =
  ({ channels }: LocalConfig): SigningSecretSource =>
  async (id, url) => {
    const channel = channels.find((candidate) => candidate.id === id);
    const delivery = channel?.deliveries.find((candidate) => candidate.url === url);
    return delivery?.secrets?.signingSecrets ?? [LOCAL_SIGNING_SECRET];
  };
