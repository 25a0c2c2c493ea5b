import { describe, expect, it } from 'vitest';
import { SigningSecrets } from '../../../functions/shared/domain/secrets.ts';
import {
  LOCAL_SIGNING_SECRET,
  secretsOf,
  signingSecretsOf,
  toLocalConfig,
  withoutSecrets,
} from '../../../infra/local/local-config.ts';
import { BUILT_IN, StartError } from '../../../infra/shared/local-configuration.ts';
import { SIGNING_SECRET } from '../../support/deliveries.ts';

const origins = {
  meta: 'http://127.0.0.1:1001',
  sinch: 'http://127.0.0.1:1002',
  'aws-social': 'http://127.0.0.1:1003',
};
const [metaAccount, sinchAccount, awsAccount] = BUILT_IN.accounts;
const changed = (meta: object, sinch: object = {}) => ({
  ...BUILT_IN,
  accounts: [{ ...metaAccount, ...meta }, { ...sinchAccount, ...sinch }, awsAccount],
});

describe('a local configuration', () => {
  it('has the simulator’s URLs where it has none', () => {
    expect(toLocalConfig(BUILT_IN, origins).accounts).toMatchObject([
      { id: 'demo-meta', baseUrl: origins.meta },
      {
        id: 'demo-sinch',
        baseUrl: origins.sinch,
        authUrl: `${origins.sinch}/oauth2/token`,
        provisioningUrl: origins.sinch,
      },
      { id: 'demo-aws', baseUrl: origins['aws-social'] },
    ]);
  });

  it('keeps its own URLs', () => {
    const file = changed({ baseUrl: 'https://graph.example' }, { authUrl: 'https://auth.example/token' });

    expect(toLocalConfig(file, origins).accounts).toMatchObject([
      { baseUrl: 'https://graph.example' },
      { baseUrl: origins.sinch, authUrl: 'https://auth.example/token', provisioningUrl: origins.sinch },
      { baseUrl: origins['aws-social'] },
    ]);
  });

  it('is separated from its secrets', async () => {
    const config = toLocalConfig(BUILT_IN, origins);

    expect(JSON.stringify(withoutSecrets(config))).not.toMatch(
      /local-(app-secret|verify-token|key|sinch-secret|access-key|secret-key)/,
    );
    const read = secretsOf(config);
    expect(await read({ id: 'demo-meta', provider: 'meta' }, 'webhook')).toEqual({
      appSecrets: ['local-app-secret'],
      verifyToken: 'local-verify-token',
    });
    expect(await read({ id: 'demo-meta', provider: 'meta' }, 'api')).toEqual({ accessToken: 'local-access-token' });
    expect(await read({ id: 'demo-sinch', provider: 'sinch' }, 'webhook')).toEqual({
      webhookSecrets: ['local-sinch-secret'],
    });
    expect(await read({ id: 'demo-sinch', provider: 'sinch' }, 'api')).toEqual({
      keyId: 'local-key-id',
      keySecret: 'local-key-secret',
    });
    expect(await read({ id: 'demo-aws', provider: 'aws-social' }, 'api')).toEqual({
      accessKeyId: 'local-access-key-id',
      secretAccessKey: 'local-secret-key',
      region: 'eu-central-1',
    });
    await expect(read({ id: 'demo-sinch', provider: 'meta' }, 'api')).rejects.toThrow('demo-sinch');
  });

  it('has signing secrets for each endpoint, which are separated too', async () => {
    const signingSecrets = [SIGNING_SECRET];
    const [crm, bot] = ['https://crm.example.com/', 'https://bot.example.com/'];
    const [support, ...others] = BUILT_IN.channels;
    const deliveries = [{ url: crm, secrets: { signingSecrets } }, { url: bot }];
    const config = toLocalConfig({ ...BUILT_IN, channels: [{ ...support, deliveries }, ...others] }, origins);

    expect(await signingSecretsOf(config)('support', crm)).toEqual(signingSecrets);
    expect(await signingSecretsOf(config)('support', bot)).toEqual([LOCAL_SIGNING_SECRET]);
    expect(SigningSecrets.safeParse([LOCAL_SIGNING_SECRET]).success).toBe(true);
    expect(withoutSecrets(config).channels[0]?.deliveries).toEqual([{ url: crm }, { url: bot }]);
  });

  it.each([
    [changed({ wabaId: 'abc' }), 'accounts.0.wabaId'],
    [changed({ secrets: { appSecrets: 'hush-hush', verifyToken: 'hush-hush', accessToken: 5 } }), 'accounts.0.secrets'],
    [changed({ color: 'hush-hush' }), 'accounts.0.color'],
    [changed({ provider: 'carrier pigeon' }), 'accounts.0.provider'],
    [{ accounts: 'hush-hush' }, 'accounts'],
    [null, '(the whole file)'],
  ])('with a mistake is refused with the path and without its content', (file, path) => {
    const read = () => toLocalConfig(file, origins);

    expect(read).toThrow(StartError);
    expect(read).toThrow(path);
    expect(read).not.toThrow('hush-hush');
  });
});
