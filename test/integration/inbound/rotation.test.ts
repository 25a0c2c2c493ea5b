import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebhookAccount } from '../../../functions/shared/domain/config.ts';
import { createReader } from '../../../functions/shared/providers/registry.ts';
import { createSecretsManagerSource } from '../../../functions/shared/runtime/secrets.ts';
import { NOON, NOON_SECONDS, secondsAfterNoon } from '../../support/arrivals.ts';
import { aMetaAccount, aMetaChannel, metaSecrets, signMeta } from '../../support/meta.ts';
import type { ProviderServer } from '../../support/provider-server.ts';
import { aSecretsManager } from '../../support/secrets-manager.ts';
import { aLog } from '../../support/service.ts';
import { aSinchAccount, aSinchChannel, sinchHeaders } from '../../support/sinch.ts';

const MINUTE = 60;
const DAY = 86_400;

/** What each secret in Secrets Manager holds now, by its name without the prefix. */
let stored: Record<string, object>;
let secretsManager: ProviderServer;

beforeAll(async () => {
  secretsManager = await aSecretsManager((name) => JSON.stringify(stored[name.split('/').slice(1).join('/')]));
});
afterAll(() => secretsManager.close());
beforeEach(() => {
  stored = {};
  secretsManager.calls.splice(0);
  vi.useFakeTimers({ toFake: ['Date'], now: NOON });
});
afterEach(() => void vi.useRealTimers());

const BODY = Buffer.from('{"signed":"by either"}');

interface Case {
  readonly name: string;
  readonly account: WebhookAccount;
  readonly channel: ReturnType<typeof aMetaChannel>;
  readonly store: (...live: string[]) => object;
  /** The headers of a webhook that was signed so many seconds after noon. */
  readonly signed: (secret: string, second: number) => Record<string, string>;
}

const CASES: readonly Case[] = [
  {
    name: 'Meta',
    account: aMetaAccount(),
    channel: aMetaChannel(),
    store: (...appSecrets) => ({ verifyToken: metaSecrets.verifyToken, appSecrets }),
    signed: (secret) => ({ 'x-hub-signature-256': signMeta(BODY, secret) }),
  },
  {
    name: 'Sinch',
    account: aSinchAccount(),
    channel: aSinchChannel(),
    store: (...webhookSecrets) => ({ webhookSecrets }),
    signed: (secret, second) =>
      sinchHeaders(BODY, secret, { nonce: `nonce-${second}`, timestamp: String(NOON_SECONDS + second) }),
  },
];

let containers = 0;
/** A warm Lambda: its reader over the real source, with a cache of its own. */
const aContainer = ({ account, channel }: Case) => {
  containers += 1;
  return createReader(
    account,
    [channel],
    createSecretsManagerSource({ prefix: `container-${containers}`, log: aLog() }),
  );
};

const at = (second: number) => vi.setSystemTime(secondsAfterNoon(second));

const takes = async (reader: ReturnType<typeof aContainer>, headers: Record<string, string>) =>
  (await reader.verify(BODY, headers, new Date())).ok;

describe.each(CASES)('a rotation at $name', (its) => {
  const set = (...live: string[]) => {
    stored[`${its.account.id}/webhook`] = its.store(...live);
  };

  /** Both live from 10:00 on, the provider switches 5 minutes later, the old one goes after a day. */
  const BOTH = 10 * MINUTE;
  const SWITCH = BOTH + 5 * MINUTE;
  const GONE = SWITCH + DAY;

  const livingAt = (second: number): readonly string[] =>
    second < BOTH ? ['old'] : second < GONE ? ['new', 'old'] : ['new'];

  it('refuses no webhook, whenever a container has read the secret last', async () => {
    const warm: { readonly startsAt: number; readonly reader: ReturnType<typeof aContainer> }[] = [];
    const refused: number[] = [];
    for (let second = 0; second <= BOTH + 30 * MINUTE; second += 20) {
      at(second);
      set(...livingAt(second));
      if (second <= SWITCH + 5 * MINUTE) warm.push({ startsAt: second, reader: aContainer(its) });
      const headers = its.signed(second < SWITCH ? 'old' : 'new', second);
      const taken = await Promise.all(warm.map(({ reader }) => takes(reader, headers)));
      refused.push(...taken.flatMap((ok, index) => (ok ? [] : [warm[index]?.startsAt ?? -1])));
    }

    expect(refused).toEqual([]);
    expect(warm.length).toBeGreaterThan(50);
  });

  it('takes what the provider repeats under its first signature, until the old secret goes a day later', async () => {
    const reader = aContainer(its);
    set('new', 'old');
    const early = its.signed('old', SWITCH - 1);
    at(SWITCH - 1);
    expect(await takes(reader, early)).toBe(true);

    at(SWITCH + DAY - MINUTE);
    expect(await takes(reader, early)).toBe(true);
    at(GONE);
    set('new');
    at(GONE + 5 * MINUTE + 1);

    expect(await takes(reader, its.signed('old', GONE))).toBe(false);
    expect(await takes(reader, its.signed('new', GONE))).toBe(true);
  });

  it('in one step would refuse webhooks for as long as a secret is cached', async () => {
    const reader = aContainer(its);
    set('old');
    expect(await takes(reader, its.signed('old', 0))).toBe(true);
    set('new');

    at(5 * MINUTE - 1);
    expect(await takes(reader, its.signed('new', 5 * MINUTE - 1))).toBe(false);
    at(5 * MINUTE + 1);
    expect(await takes(reader, its.signed('new', 5 * MINUTE + 1))).toBe(true);
  });

  it('costs a container one read of the secret in five minutes', async () => {
    const reader = aContainer(its);
    set('old');
    for (let second = 0; second < 10 * MINUTE; second += 10) {
      at(second);
      await takes(reader, its.signed('old', second));
    }

    expect(secretsManager.calls).toHaveLength(2);
    expect(secretsManager.calls[0]?.headers['x-amz-target']).toBe('secretsmanager.GetSecretValue');
  });
});
