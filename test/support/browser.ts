import { randomUUID } from 'node:crypto';
import axe, { type AxeResults } from 'axe-core';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, onTestFinished } from 'vitest';
import { createLocalLog } from '../../infra/local/local-log.ts';
import { type LocalService, startLocalService } from '../../infra/local/service.ts';
import { dynamoDbEndpoint } from './endpoint.ts';
import { callHttp } from './local.ts';

/** Far longer than any step takes. */
const STEP_MS = 30_000;

const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];

/** The faults that a page reported; a refused call is none. */
const watchFaults = (page: Page): string[] => {
  const faults: string[] = [];
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(message.text());
  });
  return faults;
};

interface OpenOptions extends BrowserContextOptions {
  /** Called before the page is loaded. */
  readonly prepare?: (context: BrowserContext) => Promise<unknown>;
}

/** A local service and a Chromium for the tests of one file; the configuration may need what the file has started. */
export const aBrowser = (configure: () => Promise<unknown> = async () => undefined) => {
  let service: LocalService;
  let browser: Browser;
  const start = async (port?: number) => {
    service = await startLocalService({
      configuration: await configure(),
      dynamoDbEndpoint: dynamoDbEndpoint(),
      tableName: `browser-${randomUUID()}`,
      log: createLocalLog('error'),
      port,
    });
  };
  beforeAll(async () => {
    const launched = chromium.launch({ executablePath: inject('chromium') ?? '', args: ARGUMENTS });
    await start();
    browser = await launched;
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
  });
  const control = async (path: string, body: object) => {
    const answer = await callHttp('POST', `${service.url}/_local/${path}`, { body });
    expect(answer.status, answer.text).toBe(200);
    return answer.body;
  };
  return {
    url: () => service.url,
    call: (method: string, path: string, body?: object) =>
      callHttp(method, `${service.url}${path}`, body === undefined ? {} : { body }),
    /** A customer writes. */
    write: (message: object) => control('provider/inbound', { channel: 'support', ...message }),
    clock: (request: object) => control('clock', request),
    control,
    /** Ends the service and starts another one at the same place, with an empty table. */
    restart: async () => {
      const port = Number(new URL(service.url).port);
      await service.stop();
      await start(port);
    },
    /** A page of its own session, which ends with the test. */
    open: async (hash = '', { prepare, ...options }: OpenOptions = {}) => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
      onTestFinished(() => context.close());
      context.setDefaultTimeout(STEP_MS);
      await prepare?.(context);
      const page = await context.newPage();
      const faults = watchFaults(page);
      await page.goto(`${service.url}/${hash}`);
      // The page goes to the sign-in and back first: a route that is set up before that misses the requests after it.
      await page.locator('#root > *').first().waitFor({ state: 'attached' });
      return { page, context, faults };
    },
  };
};

/** Expects what a page shows to become something. */
export const eventually = <T>(read: () => Promise<T> | T) => expect.poll(read, { timeout: STEP_MS });

/** What axe finds wrong with a page, by rule and place. */
export const violationsOf = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run({ resultTypes: ["violations"] })');
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
};
