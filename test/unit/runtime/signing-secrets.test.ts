import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSigningSecretSource } from '../../../functions/shared/runtime/secrets.ts';
import { OLDER_SECRET, SIGNING_SECRET } from '../../support/deliveries.ts';
import type { ProviderServer } from '../../support/provider-server.ts';
import { aSecretsManager } from '../../support/secrets-manager.ts';
import { aLog } from '../../support/service.ts';

const CRM = 'https://crm.example.com/hooks';
const BOT = 'https://bot.example.com/';

let stored: string;
let secretsManager: ProviderServer;

beforeAll(async () => {
  secretsManager = await aSecretsManager(() => stored);
});
afterAll(() => secretsManager.close());
beforeEach(() => {
  secretsManager.calls.splice(0);
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

/** A container with an empty cache. */
const aSource = (secret: unknown) => {
  stored = JSON.stringify(secret);
  return createSigningSecretSource({ prefix: randomUUID(), log: aLog() });
};

describe('the signing secrets of a channel', () => {
  it('are read by URL, and only when they are needed', async () => {
    const secretsOf = aSource({ [CRM]: [SIGNING_SECRET], [BOT]: [OLDER_SECRET] });

    expect(secretsManager.calls).toHaveLength(0);
    expect(await secretsOf('support', CRM)).toEqual([SIGNING_SECRET]);
    expect(await secretsOf('support', BOT)).toEqual([OLDER_SECRET]);
    expect(secretsManager.calls.map(({ body }) => (body as { SecretId: string }).SecretId)).toEqual([
      expect.stringMatching(/^[\da-f-]{36}\/support\/deliveries$/),
    ]);
  });

  it('are read again after 5 minutes, so that they can be rotated', async () => {
    const secretsOf = aSource({ [CRM]: [OLDER_SECRET] });
    await secretsOf('support', CRM);
    stored = JSON.stringify({ [CRM]: [SIGNING_SECRET, OLDER_SECRET] });

    expect(await secretsOf('support', CRM)).toEqual([OLDER_SECRET]);
    vi.setSystemTime(Date.now() + 301_000);
    expect(await secretsOf('support', CRM)).toEqual([SIGNING_SECRET, OLDER_SECRET]);
  });

  it('can be missing for one endpoint and present for another', async () => {
    const secretsOf = aSource({ [CRM]: 'not a list', [BOT]: [SIGNING_SECRET] });

    await expect(secretsOf('support', CRM)).rejects.toThrow();
    await expect(secretsOf('support', 'https://new.example.com/')).rejects.toThrow();
    await expect(secretsOf('support', 'toString')).rejects.toThrow();
    expect(await secretsOf('support', BOT)).toEqual([SIGNING_SECRET]);
  });

  it('are missing before the secret has a value, and for a channel without one', async () => {
    stored = 'random letters and digits';
    const secretsOf = createSigningSecretSource({ prefix: randomUUID(), log: aLog() });

    await expect(secretsOf('support', CRM)).rejects.toThrow();
    await expect(secretsOf('sales', CRM)).rejects.toThrow();
  });
});
