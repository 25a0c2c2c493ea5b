import type { BrowserContext, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { aBrowser, eventually } from '../support/browser.ts';

const { open, write, call } = aBrowser();

/** Scrolls the list down as far as it is loaded. */
const toEnd = (page: Page) =>
  page.locator('.session-scroll').evaluate((list) => {
    list.scrollTop = list.scrollHeight;
  });

/** Session number so and so of ten thousand, one of which ends every eight seconds. */
const sessionAt = (index: number, startedAt: number) => {
  const end = startedAt + 300_000 + index * 8_000;
  return {
    channel: 'support',
    customer: `+1555${String(3_000_000 + index)}`,
    names: [],
    state: 'open',
    openedAt: new Date(end - 86_400_000).toISOString(),
    lastInboundAt: new Date(end - 86_400_000).toISOString(),
    lastAnswerAt: null,
    expiresAt: new Date(end).toISOString(),
    remainingSeconds: 60,
    allowed: ['session'],
    consent: { state: 'unknown' },
    reengagement: { available: true },
    entryPoint: null,
    owner: null,
    nextAction: 'none',
    profile: { name: `Customer ${index}` },
  };
};

it('stays fast with ten thousand sessions, of which it renders those in view and reads those again', async () => {
  const startedAt = Date.now();
  const pageOf = (start: number) => ({
    sessions: Array.from({ length: 1_000 }, (_, index) => sessionAt(start + index, startedAt)),
    ...(start + 1_000 < 10_000 ? { next: String(start + 1_000) } : {}),
  });
  const asked: string[][] = [];
  const { page } = await open('', {
    prepare: async (context) => {
      await context.route('**/sessions?*', (route) =>
        route.fulfill({ json: pageOf(Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0)) }),
      );
      await context.route('**/sessions/query', (route) => {
        const customers: string[] = route.request().postDataJSON().customers;
        asked.push(customers);
        const sessions = customers.map((customer) => sessionAt(Number(customer.slice(5)) - 3_000_000, startedAt));
        return route.fulfill({ json: { sessions } });
      });
    },
  });
  await page.getByText('Customer 0', { exact: true }).waitFor();

  for (let scrolls = 0; scrolls < 100; scrolls += 1) {
    await toEnd(page);
    if ((await page.getByText('10000 open').count()) > 0) break;
    await page.waitForTimeout(100);
  }

  await page.getByText('10000 open').waitFor();
  await toEnd(page);
  await page.getByText('Customer 9999', { exact: true }).waitFor();
  expect(await page.locator('.session').count()).toBeLessThan(60);
  await eventually(() => asked.at(-1)?.includes('+15553009999')).toBe(true);
});

/** A deployment that reads the rows in view all the time, and the list hardly ever. */
const withSeldomLists = (context: BrowserContext) =>
  context.route('**/console/config.json', async (route) => {
    const config = await (await route.fetch()).json();
    await route.fulfill({ json: { ...config, pollSeconds: 1, listSeconds: 600 } });
  });

it('follows the rows in view without the list of all sessions, which it reads seldom', async () => {
  const from = '+15552040001';
  await write({ from, text: 'Hello' });
  const calls: string[] = [];
  const { page } = await open('', { prepare: withSeldomLists });
  const row = page.locator('.session', { hasText: '+1 555 204 0001' });
  await row.getByText('wrote').waitFor();
  page.on('request', (request) => calls.push(new URL(request.url()).pathname.split('/').at(-1) ?? ''));

  await call('POST', '/v1/messages', { channel: 'support', to: from, content: { type: 'text', text: 'Hi' } });
  await row.getByText('answered').waitFor();
  const count = (wanted: string) => calls.filter((name) => name === wanted).length;
  await eventually(() => count('query')).toBeGreaterThan(5);
  await eventually(async () => (await call('DELETE', `/v1/channels/support/customers/${from}`)).body.done).toBe(true);
  await row.waitFor({ state: 'detached' });

  // Once more where the clock of the service turned out to be another one.
  expect(count('sessions')).toBeLessThanOrEqual(1);
});
