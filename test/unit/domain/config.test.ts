import { describe, expect, it } from 'vitest';
import { Config, LocalConfig } from '../../../functions/shared/domain/config.ts';
import { EVENTS } from '../../../functions/shared/domain/events.ts';

const META = { id: 'care-meta', provider: 'meta', wabaId: '102290129340398' };
const SINCH = { id: 'care-sinch', provider: 'sinch', region: 'eu', projectId: 'care-project', appId: 'care-app' };
const SUPPORT = { id: 'support', account: 'care-meta', phoneNumberId: '106540352242922' };
const AWS = {
  id: 'care-aws',
  provider: 'aws-social',
  wabaId: 'waba-00112233445566778899aabbccddeeff',
  metaWabaId: '102290129340399',
};
const SUPPORT_AWS = {
  id: 'support-aws',
  account: 'care-aws',
  phoneNumberId: 'phone-number-id-ffeeddccbbaa99887766554433221100',
};
const SUPPORT_SINCH = { id: 'support-sinch', account: 'care-sinch' };

const config = (accounts: readonly object[], channels: readonly object[]) => ({ accounts, channels });

const URL = 'https://crm.example.com/hooks?tenant=7';
const SECRET = `whsec_${btoa('thirty-two bytes, as it is wanted')}`;

/** `path: message` of every fault. */
const faultsOf = (value: unknown): readonly string[] =>
  Config.safeParse(value).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

const withAccount = (account: object) => faultsOf(config([{ ...META, ...account }], [SUPPORT]));
const withSinch = (account: object) => faultsOf(config([{ ...SINCH, ...account }], [SUPPORT_SINCH]));
const withAws = (account: object, channel: object = {}) =>
  faultsOf(config([{ ...AWS, ...account }], [{ ...SUPPORT_AWS, ...channel }]));
const withChannel = (channel: object) => faultsOf(config([META], [{ ...SUPPORT, ...channel }]));

const pathsOf = (value: unknown) => LocalConfig.safeParse(value).error?.issues.map(({ path }) => path.join('.')) ?? [];
const local = (meta: object, sinch: object) =>
  config(
    [
      { ...META, ...meta },
      { ...SINCH, ...sinch },
    ],
    [SUPPORT, SUPPORT_SINCH],
  );

describe('the configuration', () => {
  it('needs no more than the ids, and fills in the rest', () => {
    expect(Config.parse(config([META, SINCH], [SUPPORT, SUPPORT_SINCH]))).toEqual({
      accounts: [
        { ...META, graphVersion: 'v26.0', baseUrl: 'https://graph.facebook.com', mediaHosts: [] },
        {
          ...SINCH,
          authUrl: 'https://auth.sinch.com/oauth2/token',
          provisioningUrl: 'https://provisioning.api.sinch.com',
          signatureMaxAgeSeconds: 86_400,
          mediaHosts: [],
        },
      ],
      channels: [SUPPORT, SUPPORT_SINCH].map((channel) => ({
        ...channel,
        sendMarginSeconds: 30,
        closingLeadSeconds: 3600,
        retentionDays: 30,
        opensSession: {},
        optOutKeywords: ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'OPT OUT', 'OPTOUT', 'REVOKE'],
        marketingOptOutKeywords: ['Stop promotions'],
        optInKeywords: ['START', 'UNSTOP', 'SUBSCRIBE', 'OPT IN'],
        reengagementLimit: 1,
        notifications: 'allow',
        mauThresholds: [],
        deliveries: [],
        captureMedia: false,
      })),
    });
  });

  it('takes hosts of media by name alone', () => {
    const named = (host: string) => faultsOf(config([{ ...META, mediaHosts: [host] }], [SUPPORT]));

    expect(named('media.example.com')).toEqual([]);
    for (const host of ['https://media.example.com', 'localhost', '10.0.0.1', '*.example.com', 'Media.example.com', ''])
      expect(named(host)).toEqual([expect.stringMatching(/^accounts\.0\.mediaHosts\.0: must be a host name/)]);
  });

  it('takes several channels of one Meta account', () => {
    const sales = { ...SUPPORT, id: 'sales', phoneNumberId: '106540352242923' };

    expect(faultsOf(config([META], [SUPPORT, sales]))).toEqual([]);
  });

  it.each([
    { fault: 'no account', value: config([], [SUPPORT]), path: 'accounts' },
    { fault: 'no channel', value: config([META], []), path: 'channels' },
    {
      fault: 'an unknown provider',
      value: config([{ ...META, provider: 'telegram' }], [SUPPORT]),
      path: 'accounts.0.provider',
    },
  ])('names $fault as $path', ({ value, path }) => {
    expect(faultsOf(value)).toContainEqual(expect.stringMatching(`^${path}: `));
  });

  it('names what is repeated', () => {
    const twin = { ...META, wabaId: '1' };

    expect(faultsOf(config([META, twin], [SUPPORT, { ...SUPPORT, account: 'care-meta' }]))).toEqual([
      'accounts.1.id: repeats "care-meta"',
      'channels.1.id: repeats "support"',
      'channels.1.phoneNumberId: repeats "106540352242922"',
    ]);
  });

  it('names a channel of no account', () => {
    expect(withChannel({ account: 'elsewhere' })).toEqual(['channels.0.account: names no account: "elsewhere"']);
  });

  it('names an unknown key', () => {
    expect(withChannel({ sendMargin: 3 })).toEqual(['channels.0: Unrecognized key: "sendMargin"']);
  });
});

describe('a number that has moved', () => {
  const AT = '2026-11-20T09:00:00Z';
  const BEFORE = { account: 'care-aws', phoneNumberId: 'phone-number-id-00ff' };
  const withMove = (movedFrom: object, others: readonly object[] = []) =>
    faultsOf(config([META, AWS], [{ ...SUPPORT, movedFrom: { at: AT, portfolio: 'other', ...movedFrom } }, ...others]));

  it('names where it was, or no longer', () => {
    expect(withMove(BEFORE)).toEqual([]);
    expect(withMove({})).toEqual([]);
  });

  it.each([
    { at: 'yesterday', faults: ['at'] },
    { at: undefined, faults: ['at'] },
    { portfolio: undefined, faults: ['portfolio'] },
    { portfolio: 'mine', faults: ['portfolio'] },
    { account: 'gone', phoneNumberId: '1', faults: ['account'] },
    { phoneNumberId: '1', faults: ['account'] },
    { account: 'care-aws', faults: ['phoneNumberId'] },
    { account: 'care-aws', phoneNumberId: '1', faults: ['phoneNumberId'] },
    { account: 'care-meta', phoneNumberId: SUPPORT.phoneNumberId, faults: ['phoneNumberId'] },
  ])('is refused with $at $portfolio $account $phoneNumberId at $faults', ({ faults, ...movedFrom }) => {
    expect(withMove(movedFrom).map((fault) => fault.split(': ')[0])).toEqual(
      faults.map((field) => `channels.0.movedFrom.${field}`),
    );
  });

  it('was no other channel’s', () => {
    expect(withMove(BEFORE, [{ ...SUPPORT_AWS, phoneNumberId: BEFORE.phoneNumberId }])).toEqual([
      'channels.0.movedFrom.phoneNumberId: repeats "phone-number-id-00ff"',
    ]);
  });

  it('leaves the Sinch app that it had, which has no other', () => {
    const moved = { ...SUPPORT, movedFrom: { at: AT, portfolio: 'same', account: SINCH.id } };
    expect(faultsOf(config([META, SINCH], [moved]))).toEqual([]);
    expect(faultsOf(config([META, SINCH], [moved, SUPPORT_SINCH]))).toEqual([
      'accounts.1: a Sinch app has exactly one WhatsApp number: one channel, not 2',
    ]);
  });
});

describe('an account', () => {
  it('at AWS needs the ids of AWS and of Meta, and no more', () => {
    expect(Config.parse(config([AWS], [SUPPORT_AWS])).accounts).toEqual([{ ...AWS, graphVersion: 'v24.0' }]);
    expect(withAws({ metaWabaId: undefined })).toEqual([expect.stringMatching('^accounts.0.metaWabaId: ')]);
  });

  it.each([
    { field: 'wabaId', value: '102290129340399' },
    { field: 'metaWabaId', value: AWS.wabaId },
    { field: 'region', value: 'Frankfurt' },
    { field: 'eventTopicArn', value: 'arn:aws:sns:eu-central-1:111122223333:whatsapp.fifo' },
    { field: 'eventTopicArn', value: 'arn:aws:sqs:eu-central-1:111122223333:whatsapp' },
    { field: 'graphVersion', value: '24' },
    { field: 'baseUrl', value: 'https://example.com/path' },
  ])('at AWS is refused with $field "$value"', ({ field, value }) => {
    expect(withAws({ [field]: value })).toContainEqual(expect.stringMatching(`^accounts.0.${field}: `));
  });

  it('tells the ids of Meta and of AWS apart', () => {
    expect(withAws({}, { phoneNumberId: '106540352242922' })).toEqual([
      'channels.0.phoneNumberId: is the id of Meta, the metaPhoneNumberId of a channel: enter the id of AWS, phone-number-id-…',
    ]);
    expect(withAws({}, { phoneNumberId: undefined })).toEqual([
      'channels.0.phoneNumberId: is required for a channel of an AWS account',
    ]);
    expect(withAws({}, { metaPhoneNumberId: SUPPORT_AWS.phoneNumberId })).toContainEqual(
      expect.stringMatching('^channels.0.metaPhoneNumberId: '),
    );
    expect(withChannel({ phoneNumberId: SUPPORT_AWS.phoneNumberId })).toEqual([
      'channels.0.phoneNumberId: is the id of AWS: only a channel of an AWS account has one',
    ]);
    expect(withChannel({ metaPhoneNumberId: '106540352242922' })).toEqual([
      'channels.0.metaPhoneNumberId: is only for a channel of an AWS account: Meta’s id is the phoneNumberId here',
    ]);
  });

  it('at AWS shares no business account and no number with another', () => {
    const twin = { ...AWS, id: 'twin' };
    const meta = { metaPhoneNumberId: '1' };

    expect(
      faultsOf(
        config(
          [AWS, twin],
          [
            { ...SUPPORT_AWS, ...meta },
            { ...SUPPORT_AWS, ...meta, id: 'twin' },
          ],
        ),
      ),
    ).toEqual([
      'channels.1.phoneNumberId: repeats "phone-number-id-ffeeddccbbaa99887766554433221100"',
      'channels.1.metaPhoneNumberId: repeats "1"',
      `accounts.1.wabaId: repeats "${AWS.wabaId}"`,
      'accounts.1.metaWabaId: repeats "102290129340399"',
    ]);
  });

  it('of Meta needs a phone number id on each of its channels', () => {
    expect(withChannel({ phoneNumberId: undefined })).toEqual([
      'channels.0.phoneNumberId: is required for a channel of a Meta account',
    ]);
  });

  it('of Sinch has exactly one channel', () => {
    const second = { ...SUPPORT_SINCH, id: 'second' };

    expect(faultsOf(config([META, SINCH], [SUPPORT]))).toEqual([
      'accounts.1: a Sinch app has exactly one WhatsApp number: one channel, not 0',
    ]);
    expect(faultsOf(config([SINCH], [SUPPORT_SINCH, second]))).toEqual([
      'accounts.0: a Sinch app has exactly one WhatsApp number: one channel, not 2',
    ]);
  });

  it.each([
    { field: 'id', value: 'Care Meta' },
    { field: 'wabaId', value: 'waba' },
    { field: 'graphVersion', value: '26' },
  ])('of Meta is refused with $field "$value"', ({ field, value }) => {
    expect(withAccount({ [field]: value })).toContainEqual(expect.stringMatching(`^accounts.0.${field}: `));
  });

  it.each([
    { field: 'region', value: 'asia' },
    { field: 'projectId', value: '' },
    { field: 'appId', value: '' },
    { field: 'authUrl', value: 'auth.sinch.com' },
    { field: 'provisioningUrl', value: 'https://provisioning.api.sinch.com/v1' },
    { field: 'signatureMaxAgeSeconds', value: 0 },
  ])('of Sinch is refused with $field "$value"', ({ field, value }) => {
    expect(withSinch({ [field]: value })).toContainEqual(expect.stringMatching(`^accounts.0.${field}: `));
  });

  it('takes the origin of another endpoint, and a full token URL', () => {
    expect(withAccount({ baseUrl: 'http://127.0.0.1:9101' })).toEqual([]);
    expect(withSinch({ baseUrl: 'http://localhost:9102', authUrl: 'http://localhost:9102/oauth2/token' })).toEqual([]);
  });

  it.each([
    'https://graph.example.com/',
    'https://graph.example.com/v26.0',
    'https://graph.example.com?tenant=1',
    'https://graph.example.com#top',
    'https://user:pass@graph.example.com',
  ])('is refused with a base URL that is more than an origin: %s', (baseUrl) => {
    expect(withAccount({ baseUrl })).toEqual([
      'accounts.0.baseUrl: must be an origin: scheme, host and port, without a path',
    ]);
  });

  it.each(['', 'graph.example.com', 'ftp://graph.example.com', 'http://'])(
    'is refused with a base URL that is none: "%s"',
    (baseUrl) => {
      expect(withAccount({ baseUrl })).toEqual(['accounts.0.baseUrl: is not an http(s) URL']);
    },
  );
});

describe('a channel', () => {
  it.each([
    { field: 'retentionDays', least: 8, most: 3650 },
    { field: 'sendMarginSeconds', least: 5, most: 86_399 },
    { field: 'closingLeadSeconds', least: 1, most: 86_399 },
    { field: 'reengagementLimit', least: 1, most: 100 },
  ])('has $field from $least to $most', ({ field, least, most }) => {
    const names = expect.stringMatching(`^channels.0.${field}: `);

    expect(withChannel({ [field]: least })).toEqual([]);
    expect(withChannel({ [field]: most })).toEqual([]);
    expect(withChannel({ [field]: least - 1 })).toEqual([names]);
    expect(withChannel({ [field]: most + 1 })).toEqual([names]);
    expect(withChannel({ [field]: least + 0.5 })).toEqual([names]);
  });

  it('says why the margin is 5 s at least', () => {
    expect(withChannel({ sendMarginSeconds: 4 })).toEqual([
      'channels.0.sendMarginSeconds: must be at least 5: a message may take so many seconds to reach WhatsApp',
    ]);
  });

  it('says why records are kept 8 days at least', () => {
    expect(withChannel({ retentionDays: 7 })).toEqual([
      'channels.0.retentionDays: must be at least 8: providers repeat webhooks for 7 days',
    ]);
  });

  it.each([
    { field: 'id', value: '', path: 'id' },
    { field: 'id', value: 'support#1', path: 'id' },
    { field: 'id', value: 'x'.repeat(64), path: 'id' },
    { field: 'phoneNumberId', value: '+15550783881', path: 'phoneNumberId' },
    { field: 'notifications', value: 'maybe', path: 'notifications' },
    { field: 'optOutKeywords', value: ['STOP', ' '], path: 'optOutKeywords.1' },
    { field: 'optInKeywords', value: [''], path: 'optInKeywords.0' },
    { field: 'optOutKeywords', value: ['STOP', '!\u200e'], path: 'optOutKeywords.1' },
    { field: 'optOutKeywords', value: { add: ['BAJA', '...'] }, path: 'optOutKeywords.add.1' },
    { field: 'marketingOptOutKeywords', value: { add: [' '] }, path: 'marketingOptOutKeywords.add.0' },
    { field: 'optOutKeywords', value: { ad: ['BAJA'] }, path: 'optOutKeywords' },
    { field: 'optOutKeywords', value: 'STOP', path: 'optOutKeywords' },
    { field: 'opensSession', value: { reaction: 'yes' }, path: 'opensSession.reaction' },
    { field: 'opensSession', value: { text: false }, path: 'opensSession' },
    { field: 'deliveries', value: [{}], path: 'deliveries.0.url' },
    { field: 'deliveries', value: [{ url: URL, event: ['message.received'] }], path: 'deliveries.0' },
    { field: 'deliveries', value: [{ url: URL, secrets: { signingSecrets: [SECRET] } }], path: 'deliveries.0' },
  ])('is refused with $field $value', ({ field, value, path }) => {
    expect(withChannel({ [field]: value })).toContainEqual(expect.stringMatching(`^channels.0.${path}: `));
  });
});

describe('a word in two lists of keywords', () => {
  it.each([
    [{ optInKeywords: ['JA', 'stop.'] }, 'optInKeywords.1', '"stop." is in the defaults of optOutKeywords too'],
    [
      { optOutKeywords: { add: ['Start!'] } },
      'optOutKeywords.add.0',
      '"Start!" is in the defaults of optInKeywords too',
    ],
    [{ optOutKeywords: ['OK'], optInKeywords: ['ＯＫ'] }, 'optInKeywords.0', '"ＯＫ" is in optOutKeywords too'],
    [
      { optOutKeywords: ['Stop promotions'] },
      'optOutKeywords.0',
      '"Stop promotions" is in the defaults of marketingOptOutKeywords too',
    ],
    [
      { optOutKeywords: ['BAJA'], marketingOptOutKeywords: { add: ['baja'] } },
      'marketingOptOutKeywords.add.0',
      '"baja" is in optOutKeywords too',
    ],
  ])('is refused: %j', (keywords, path, message) => {
    expect(withChannel(keywords)).toEqual([`channels.0.${path}: ${message}: a word has one meaning`]);
  });

  it.each([
    { optOutKeywords: ['stop', 'STOP'] },
    { optOutKeywords: { add: ['BAJA', 'STOP'] } },
    { optOutKeywords: ['Stop promotions'], marketingOptOutKeywords: [] },
    { optOutKeywords: ['START'], optInKeywords: ['JA'] },
  ])('is no word that one list repeats, or that the other list no longer has: %j', (keywords) => {
    expect(withChannel(keywords)).toEqual([]);
  });
});

describe('a delivery', () => {
  const withDeliveries = (...deliveries: readonly object[]) => withChannel({ deliveries });
  const withUrl = (url: string) => withDeliveries({ url });

  it.each([URL, 'http://localhost:9000/hooks', 'http://127.0.0.1:9000', 'http://[::1]:9000/', 'https://127.0.0.1/'])(
    'goes to %s',
    (url) => {
      expect(withUrl(url)).toEqual([]);
    },
  );

  it.each([
    'http://crm.example.com/hooks',
    'http://127.0.0.1.example.com/',
    'http://10.0.0.1/',
    'https://user@crm.example.com/',
    'https://user:pass@crm.example.com/',
    'http://user:pass@localhost/',
  ])('does not go to %s', (url) => {
    expect(withUrl(url)).toEqual([
      'channels.0.deliveries.0.url: must be an https URL without user and password (http only at localhost, 127.0.0.1 and [::1])',
    ]);
  });

  it.each(['crm.example.com', 'ftp://crm.example.com', ''])('does not go to "%s", which is no URL', (url) => {
    expect(withUrl(url)).toEqual(['channels.0.deliveries.0.url: is not an http(s) URL']);
  });

  it('names the events it takes, or takes all', () => {
    expect(withDeliveries({ url: URL, events: ['session.closing', 'message.received'] })).toEqual([]);
    expect(withDeliveries({ url: URL, events: [] })).toEqual([
      'channels.0.deliveries.0.events: needs at least one event; leave it out for all events',
    ]);
  });

  it('lists the events there are when it names another', () => {
    expect(withDeliveries({ url: URL, events: ['session.closing', 'session.ended'] })).toEqual([
      `channels.0.deliveries.0.events.1: is none of the events: ${Object.keys(EVENTS).join(', ')}`,
    ]);
  });

  it('has an endpoint of its own in its channel, which is not spelled out', () => {
    const [other, same] = ['https://bot.example.com/', 'https://BOT.example.com'];

    expect(withDeliveries({ url: URL }, { url: other }, { url: same })).toEqual([
      'channels.0.deliveries.2.url: repeats the url of deliveries.1',
    ]);
  });

  it('may share its endpoint with another channel', () => {
    const deliveries = [{ url: URL }];
    const sales = { ...SUPPORT, id: 'sales', phoneNumberId: '1', deliveries };

    expect(faultsOf(config([META], [{ ...SUPPORT, deliveries }, sales]))).toEqual([]);
  });
});

describe('the configuration of a local run', () => {
  const metaSecrets = { appSecrets: ['one', 'two'], verifyToken: 'verify', accessToken: 'access' };
  const sinchSecrets = { webhookSecrets: ['one'], keyId: 'id', keySecret: 'key' };

  it('holds the secrets of every account', () => {
    expect(pathsOf(local({ secrets: metaSecrets }, { secrets: sinchSecrets }))).toEqual([]);
    expect(pathsOf(local({ secrets: metaSecrets }, {}))).toEqual(['accounts.1.secrets']);
    expect(pathsOf(local({ secrets: sinchSecrets }, { secrets: sinchSecrets }))).toContain(
      'accounts.0.secrets.appSecrets',
    );
  });

  it('needs at least one secret to verify with', () => {
    const none = local(
      { secrets: { ...metaSecrets, appSecrets: [] } },
      { secrets: { ...sinchSecrets, webhookSecrets: [''] } },
    );

    expect(pathsOf(none)).toEqual(['accounts.0.secrets.appSecrets', 'accounts.1.secrets.webhookSecrets.0']);
  });

  it('is as coherent as a deployed one', () => {
    const orphaned = { ...local({ secrets: metaSecrets }, { secrets: sinchSecrets }), channels: [SUPPORT] };

    expect(pathsOf(orphaned)).toEqual(['accounts.1']);
  });

  it('is the only one that may hold secrets', () => {
    expect(withAccount({ secrets: metaSecrets })).toEqual(['accounts.0: Unrecognized key: "secrets"']);
  });

  it.each([
    { signingSecrets: [SECRET], faults: [] },
    { signingSecrets: [`whsec_${btoa('x'.repeat(24))}`, `whsec_${btoa('x'.repeat(64))}`], faults: [] },
    { signingSecrets: [], faults: [''] },
    { signingSecrets: [SECRET, SECRET.slice(6)], faults: ['.1'] },
    { signingSecrets: [`whsec_${btoa('x'.repeat(23))}`], faults: ['.0'] },
    { signingSecrets: [`whsec_${btoa('x'.repeat(65))}`], faults: ['.0'] },
    { signingSecrets: [`${SECRET}=`], faults: ['.0'] },
    { signingSecrets: ['whsec_not base64 at all, just long enough.'], faults: ['.0'] },
  ])('takes what $signingSecrets can sign with', ({ signingSecrets, faults }) => {
    const file = local({ secrets: metaSecrets }, { secrets: sinchSecrets });
    const support = { ...SUPPORT, deliveries: [{ url: URL, secrets: { signingSecrets } }] };

    expect(pathsOf({ ...file, channels: [support, SUPPORT_SINCH] })).toEqual(
      faults.map((fault) => `channels.0.deliveries.0.secrets.signingSecrets${fault}`),
    );
  });
});
