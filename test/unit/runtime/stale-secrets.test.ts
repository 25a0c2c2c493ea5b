import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSecretsManagerSource } from '../../../functions/shared/runtime/secrets.ts';
import type { ProviderServer } from '../../support/provider-server.ts';
import { aSecretsManager, SecretsManagerError } from '../../support/secrets-manager.ts';
import { aLog } from '../../support/service.ts';

const ACCOUNT = { id: 'shop-meta', provider: 'meta' } as const;
const OLD = { accessToken: 'old' };
const NEW = { accessToken: 'new' };

let answer: () => string;
let secretsManager: ProviderServer;

beforeAll(async () => {
  secretsManager = await aSecretsManager(() => answer());
});
afterAll(() => secretsManager.close());
beforeEach(() => {
  secretsManager.calls.splice(0);
  vi.useFakeTimers({ toFake: ['Date'] });
  answer = () => JSON.stringify(OLD);
});
afterEach(() => void vi.useRealTimers());

const fails = (name: string) => () => {
  throw new SecretsManagerError(name);
};

const pass = (seconds: number) => vi.setSystemTime(Date.now() + 1_000 * seconds);

const aContainer = () => {
  const log = aLog();
  const source = createSecretsManagerSource({ prefix: `CareWindow-test/${randomUUID()}`, log });
  return { log, read: () => source(ACCOUNT, 'api') };
};

describe('a secret, while Secrets Manager does not answer', () => {
  it.each(['InternalServiceError', 'ThrottlingException', 'AccessDeniedException'])(
    'is the last known one, logged and counted (%s)',
    async (name) => {
      const { log, read } = aContainer();
      await read();
      answer = fails(name);
      pass(301);

      expect(await read()).toEqual(OLD);
      expect(log.counts).toEqual({ SecretsStale: 1 });
      expect(log.lines).toEqual([{ code: 'secrets.stale', fields: { owner: 'shop-meta', part: 'api' } }]);
    },
  );

  it('is not asked for with every request, and is read again within a minute of the answer', async () => {
    const { log, read } = aContainer();
    await read();
    answer = fails('AccessDeniedException');
    pass(301);
    expect(await read()).toEqual(OLD);
    secretsManager.calls.splice(0);

    for (let second = 0; second < 59; second += 1) {
      expect(await read()).toEqual(OLD);
      pass(1);
    }
    expect(secretsManager.calls).toHaveLength(0);
    expect(log.counts).toEqual({ SecretsStale: 1 });

    pass(1);
    expect(await read()).toEqual(OLD);
    expect(log.counts).toEqual({ SecretsStale: 2 });
    answer = () => JSON.stringify(NEW);
    pass(60);
    expect(await read()).toEqual(NEW);
    expect(log.counts).toEqual({ SecretsStale: 2 });
  });

  it('fails when it was never read', async () => {
    const { log, read } = aContainer();
    answer = fails('AccessDeniedException');

    await expect(read()).rejects.toThrow();
    expect(log.counts).toEqual({});
  });

  it.each(['ResourceNotFoundException', 'InvalidRequestException'])(
    'fails once it was deleted, which is a decision (%s)',
    async (name) => {
      const { log, read } = aContainer();
      await read();
      answer = fails(name);
      pass(301);

      await expect(read()).rejects.toThrow();
      expect(log.counts).toEqual({});
    },
  );

  it('fails once its value is not JSON, which is a mistake that must be seen', async () => {
    const { read } = aContainer();
    await read();
    answer = () => 'not JSON';
    pass(301);

    await expect(read()).rejects.toThrow();
  });
});
