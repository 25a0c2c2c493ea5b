import { OAUTH_ROOT } from '../../functions/shared/http/routes.ts';
import { LOCAL_CLIENT } from './oauth/token-issuer.ts';
import { TOKEN_PATH } from './oauth/token-paths.ts';
import type { LocalService } from './service.ts';
import type { ProviderName } from './simulator/vendor.ts';
import { PROVIDERS, VENDORS } from './simulator/vendors.ts';

const CUSTOMER = '+15551234567';

const curl = (url: string, body?: object): string =>
  `  curl -sw '\\n' ${url}${body === undefined ? '' : ` -d '${JSON.stringify(body)}'`}`;

const firstCalls = (url: string, channel: string): string => {
  const text = { channel, to: CUSTOMER, content: { type: 'text', text: 'How can we help?' } };
  return [
    'A customer writes, the window opens, you answer:',
    curl(`${url}/_local/provider/inbound`, { channel, from: CUSTOMER, text: 'Hello' }),
    curl(`${url}/v1/channels/${channel}/customers/${CUSTOMER}/session`),
    curl(`${url}/v1/messages`, text),
    'A day passes, the same text is refused:',
    curl(`${url}/_local/clock`, { advanceSeconds: 86_400 }),
    curl(`${url}/v1/messages`, text),
  ].join('\n');
};

/** How the API is called with an access token. */
const tokenLines = (url: string): string =>
  [
    `The same API with an access token is at ${url}${OAUTH_ROOT}; its tokens:`,
    `  curl -sw '\\n' -u ${LOCAL_CLIENT.id}:${LOCAL_CLIENT.secret} ${url}${TOKEN_PATH} -d grant_type=client_credentials`,
  ].join('\n');

const firstChannel = ({ accounts, channels }: LocalService['config'], provider: ProviderName) => {
  const ids = accounts.filter((account) => account.provider === provider).map(({ id }) => id);
  return channels.find(({ account }) => ids.includes(account));
};

/** What of a local run is known before it is stopped. */
export type Running = Omit<LocalService, 'stop'>;

/** The simulated providers that an account of the configuration uses. */
const simulatorLines = ({ providers, config }: Running): readonly string[] =>
  PROVIDERS.filter((provider) => config.accounts.some((account) => account.provider === provider)).map(
    (provider) => `Simulated ${VENDORS[provider].title}: ${providers[provider] ?? ''}`,
  );

/** Printed at start and answered to `GET /`: what runs where, then calls to paste. Contains no secret of the configuration. */
export const startMessage = (running: Running): string => {
  const { url, dynamoDbEndpoint, config } = running;
  const stories = PROVIDERS.flatMap((provider) => {
    const channel = firstChannel(config, provider);
    if (channel === undefined) return [];
    return [`\n${VENDORS[provider].title}, channel ${channel.id}\n${firstCalls(url, channel.id)}`];
  });
  return [
    `CareWindow listens on ${url}, its table is at ${dynamoDbEndpoint}`,
    `Open ${url}/ in a browser: the console, with a customer's phone and the clock.`,
    ...simulatorLines(running),
    'WhatsApp customer care sessions, run locally: docs/api.md has the API under /v1, docs/local.md the control under /_local.',
    'LOG_LEVEL=info prints the logs of the handlers.',
    tokenLines(url),
    ...stories,
    '',
  ].join('\n');
};
