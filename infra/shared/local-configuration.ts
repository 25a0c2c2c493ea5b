import { readFileSync } from 'node:fs';
import { LocalConfig } from '../../functions/shared/domain/config.ts';
import { parseWith } from '../../functions/shared/http/request.ts';

/** The local run cannot start. The message says why and never quotes the configuration, which contains secrets. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

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

/**
 * Checks a configuration.
 *
 * @throws a StartError that names the path of each mistake.
 */
export const parseConfiguration = (value: unknown): LocalConfig => {
  const parsed = parseWith(LocalConfig, value);
  if (parsed.ok) return parsed.value;
  const mistakes = (parsed.problem.errors ?? []).map(
    ({ path, message }) => `  ${path || '(the whole file)'}: ${message}`,
  );
  throw new StartError(`The configuration is not valid:\n${mistakes.join('\n')}`);
};
