import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { Config, LocalConfig } from '../../functions/shared/domain/config.ts';
import { parseWith } from '../../functions/shared/http/request.ts';
import type { SecretSource } from '../../functions/shared/providers/secret-source.ts';
import type { SigningSecretSource } from '../../functions/shared/runtime/secrets.ts';
import { isProvider, vendorOf } from './simulator/vendors.ts';
import { StartError } from './start-error.ts';

/** The configuration of a local run without `CAREWINDOW_CONFIG`: a Meta number and a Sinch number. */
export const BUILT_IN = {
  accounts: [
    {
      id: 'demo-meta',
      provider: 'meta',
      wabaId: '102290129340398',
      secrets: {
        appSecrets: ['local-app-secret'],
        verifyToken: 'local-verify-token',
        accessToken: 'local-access-token',
      },
    },
    {
      id: 'demo-sinch',
      provider: 'sinch',
      region: 'eu',
      projectId: 'local-project',
      appId: '01EB37HMH1M6SV18ASNS3G135H',
      secrets: { webhookSecrets: ['local-sinch-secret'], keyId: 'local-key-id', keySecret: 'local-key-secret' },
    },
  ],
  channels: [
    { id: 'support', account: 'demo-meta', phoneNumberId: '106540352242922', displayPhoneNumber: '+15550783881' },
    { id: 'support-sinch', account: 'demo-sinch' },
  ],
} as const;

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
export const toLocalConfig = (value: unknown, origins: Origins): LocalConfig => {
  const parsed = parseWith(LocalConfig, withSimulatedUrls(value, origins));
  if (parsed.ok) return parsed.value;
  const faults = (parsed.problem.errors ?? []).map(
    ({ path, message }) => `  ${path || '(the whole file)'}: ${message}`,
  );
  throw new StartError(`The configuration is not valid:\n${faults.join('\n')}`);
};

/** Reads a configuration file; errors never quote its content, which contains secrets. */
export const readConfiguration = (path: string): unknown => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new StartError(`The configuration ${path} cannot be read`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new StartError(`The configuration ${path} is not JSON`);
  }
};

const withoutSecret = (owner: object): object =>
  Object.fromEntries(Object.entries(owner).filter(([name]) => name !== 'secrets'));

/** The configuration as AWS gets it, without secrets. */
export const withoutSecrets = ({ accounts, channels }: LocalConfig): Config =>
  Config.parse({
    accounts: accounts.map(withoutSecret),
    channels: channels.map((channel) => ({ ...channel, deliveries: channel.deliveries.map(withoutSecret) })),
  });

/** Gives each account the secrets that the configuration has beside it. */
export const secretsOf =
  ({ accounts }: LocalConfig): SecretSource =>
  async ({ id, provider }) => {
    const account = accounts.find((candidate) => candidate.id === id && candidate.provider === provider);
    if (account === undefined) throw new Error(`account ${id} has no secrets of ${provider}`);
    return account.secrets;
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
