import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { Config, LocalConfig } from '../../functions/shared/domain/config.ts';
import { parseWith } from '../../functions/shared/http/request.ts';
import type { SecretSource } from '../../functions/shared/providers/secret-source.ts';
import type { SigningSecretSource } from '../../functions/shared/runtime/secrets.ts';
import type { ProviderName } from './simulator/call-log.ts';
import { StartError } from './start-error.ts';

/** The configuration of a local run that was given none: a Meta number and a Sinch number. */
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
export const toLocalConfig = (value: unknown, origins: SimulatorOrigins): LocalConfig => {
  const parsed = parseWith(LocalConfig, withSimulator(value, origins));
  if (parsed.ok) return parsed.value;
  const faults = (parsed.problem.errors ?? []).map(
    ({ path, message }) => `  ${path || '(the whole file)'}: ${message}`,
  );
  throw new StartError(`The configuration is not valid:\n${faults.join('\n')}`);
};

/** Reads a configuration file; what stands in it is never quoted, since it holds secrets. */
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

/** What is deployed in AWS: the configuration without its secrets. */
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
