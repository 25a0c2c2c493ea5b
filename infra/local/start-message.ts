import type { Channel } from '../../functions/shared/domain/config.ts';
import type { LocalService } from './service.ts';

const CUSTOMER = '+15551234567';

const curl = (url: string, body?: object): string =>
  `  curl -sw '\\n' ${url}${body === undefined ? '' : ` -d '${JSON.stringify(body)}'`}`;

const story = (url: string, channel: string): string => {
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

const VENDOR = { meta: 'Meta', sinch: 'Sinch' } as const;

/** What a new user can paste, for the first channel of each provider; no secret of the configuration stands in it. */
export const introduce = ({ url, dynamoDbEndpoint, config }: LocalService): string => {
  const firstOf = (provider: keyof typeof VENDOR): Channel | undefined =>
    config.channels.find((channel) =>
      config.accounts.some((account) => account.id === channel.account && account.provider === provider),
    );
  const stories = (['meta', 'sinch'] as const).flatMap((provider) => {
    const channel = firstOf(provider);
    return channel === undefined ? [] : [`\n${VENDOR[provider]}, channel ${channel.id}\n${story(url, channel.id)}`];
  });
  return [`CareWindow listens on ${url}, its table is at ${dynamoDbEndpoint}`, ...stories, ''].join('\n');
};
