import { describe, expect, it } from 'vitest';
import { readStage } from '../../infra/config.ts';
import { aStage, CONTEXT } from './synthesize.ts';

const read = (stage: unknown) => () => readStage('mine', { mine: stage });

describe('the configuration', () => {
  it('of the example is refused for its placeholders alone, each with its path', () => {
    const refused = () => readStage(String(CONTEXT['stage']));

    for (const path of [
      'whatsapp.accounts[0].wabaId',
      'whatsapp.accounts[1].projectId',
      'whatsapp.accounts[1].appId',
      'whatsapp.channels[0].phoneNumberId',
      'whatsapp.channels[0].displayPhoneNumber',
    ])
      expect(refused).toThrow(`is the placeholder of the example: enter your own\n  → at ${path}`);
    expect(refused).toThrow(/^(?:infra.*\n)(?:✖ is the placeholder.*\n.*\n?){5}$/);
  });

  const hosts = [
    'https://localhost/hooks',
    'https://crm.localhost./',
    'https://127.0.0.1/',
    'https://10.1.2.3/',
    'https://172.31.0.1/',
    'https://192.168.1.1/',
    'https://169.254.169.254/',
    'https://2130706433/',
    'https://[::1]/',
    'https://[fd00::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://crm/',
    'https://crm.internal/',
    'http://localhost:9000/',
  ];
  const endpointOf = (url: string) => {
    const { whatsapp } = aStage();
    const [orders, ...others] = whatsapp.channels;
    return { ...aStage(), whatsapp: { ...whatsapp, channels: [{ ...orders, deliveries: [{ url }] }, ...others] } };
  };
  it.each(hosts)('refuses the endpoint %s, which AWS cannot reach, and does not quote it', (url) => {
    expect(read(endpointOf(url))).toThrow('whatsapp.channels[0].deliveries[0].url');
    expect(read(endpointOf(url))).not.toThrow(url);
  });

  it.each(['https://crm.example.com/', 'https://203.0.113.7/', 'https://[2001:db8::1]/hooks', 'https://172.32.0.1/'])(
    'accepts the endpoint %s',
    (url) => {
      expect(read(endpointOf(url))).not.toThrow();
    },
  );

  it.each([
    ['baseUrl', 0, 'http://graph.example.com'],
    ['baseUrl', 1, 'https://localhost:8443'],
    ['authUrl', 1, 'http://auth.example.com/oauth2/token'],
    ['provisioningUrl', 1, 'https://192.168.0.9'],
  ])('refuses the %s of account %i that a deployed stage cannot use: %s', (field, index, url) => {
    const { whatsapp } = aStage();
    const accounts = whatsapp.accounts.map((account, at) => (at === index ? { ...account, [field]: url } : account));

    expect(read({ ...aStage(), whatsapp: { ...whatsapp, accounts } })).toThrow(`whatsapp.accounts[${index}].${field}`);
  });

  it('refuses one WhatsApp business account in two accounts, and one number in two channels', () => {
    const { whatsapp } = aStage();
    const [meta, sinch] = whatsapp.accounts;
    const accounts = [meta, sinch, { ...meta, id: 'other' }];
    const twice = [...whatsapp.channels, { ...whatsapp.channels[0], id: 'other' }];

    expect(read({ ...aStage(), whatsapp: { ...whatsapp, accounts } })).toThrow('whatsapp.accounts[2].wabaId');
    expect(read({ ...aStage(), whatsapp: { ...whatsapp, channels: twice } })).toThrow(
      'whatsapp.channels[2].phoneNumberId',
    );
  });

  it('counts twelve hours without a customer message as silence by default', () => {
    expect(aStage().inboundSilenceHours).toBe(12);
  });

  it('names the known stages when another is requested', () => {
    expect(() => readStage('nowhere', { test: aStage(), live: aStage() })).toThrow(
      'infra/config.ts has no stage "nowhere", only test, live',
    );
  });

  it('has no stage by the name of an inherited property', () => {
    expect(() => readStage('toString', {})).toThrow('no stage "toString"');
  });

  it.each([
    ['an unknown field', { ...aStage(), logRetention: 7 }, 'logRetention'],
    ['a retention that CloudWatch does not offer', { ...aStage(), logRetentionDays: 31 }, 'logRetentionDays'],
    [
      'a throttle of zero',
      { ...aStage(), throttle: { ...aStage().throttle, api: { rate: 0, burst: 1 } } },
      'throttle.api.rate',
    ],
    ['a silence longer than CloudWatch evaluates', { ...aStage(), inboundSilenceHours: 169 }, 'inboundSilenceHours'],
    ['an invalid alarm address', { ...aStage(), alarmEmail: 'duty' }, 'alarmEmail'],
    [
      'a channel without an account',
      { ...aStage(), whatsapp: { ...aStage().whatsapp, channels: [{ id: 'orders', account: 'gone' }] } },
      'whatsapp.channels[0].account',
    ],
    [
      'secrets, which belong in Secrets Manager',
      {
        ...aStage(),
        whatsapp: {
          ...aStage().whatsapp,
          accounts: [{ id: 'm', provider: 'meta', wabaId: '1', secrets: { accessToken: 'abc' } }],
        },
      },
      'whatsapp.accounts[0]',
    ],
  ])('refuses %s and names its path', (_, stage, path) => {
    expect(read(stage)).toThrow(path);
  });
});
