import type { BrowserContext } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { BUILT_IN } from '../../infra/shared/local-configuration.ts';
import { aBrowser, eventually, violationsOf } from '../support/browser.ts';
import { aProviderServer } from '../support/provider-server.ts';

let status = 204;
const endpoint = await aProviderServer(() => ({ status }));
afterAll(() => endpoint.close());
const typesAt = () => endpoint.calls.map(({ body }) => (body as { type: string }).type);

/** The built-in numbers, the first with an endpoint. */
const { open, write, clock } = aBrowser(async () => {
  const [support, ...others] = BUILT_IN.channels;
  const deliveries = [{ url: `${endpoint.url}/hooks`, events: ['session.opened'] }];
  return { ...BUILT_IN, channels: [{ ...support, deliveries }, ...others] };
});

it('shows what came of the last delivery, sends a test, and sends an event again with its id', async () => {
  const from = '+15552070001';
  await write({ from, text: 'Hello' });
  await eventually(typesAt).toEqual(['session.opened']);
  const { page, faults } = await open(`#/support/events/${encodeURIComponent(from)}`);
  await page.locator('.delivery .tag', { hasText: 'delivered' }).waitFor();

  await page.getByRole('button', { name: 'Send a test' }).click();
  await eventually(() => endpoint.calls.length).toBe(2);
  await page.getByText('session.opened').last().click();
  await page.getByRole('button', { name: 'Send it again to the endpoints' }).first().click();
  await page.getByText('It is on its way.').waitFor();
  await eventually(() => typesAt().filter((type) => type === 'session.opened').length).toBe(2);

  const [first, , again] = endpoint.calls;
  expect(again?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violationsOf(page), colorScheme).toEqual([]);
  }
  expect(faults).toEqual([]);
});

it('says that a test is on its way, and why it was not delivered', async () => {
  status = 500;
  const { page } = await open('#/support/events');

  await page.getByRole('button', { name: 'Send a test' }).click();

  await page.getByText('The test is on its way.').waitFor();
  await page.locator('.delivery .tag', { hasText: 'failed' }).waitFor();
  await page.getByText('(http_500)').waitFor();
  status = 204;
});

/** A browser that grants notifications, and records what it is asked for and what it shows. */
const withNotifications = (context: BrowserContext) =>
  context.addInitScript(() => {
    const recorded = { asked: 0, shown: [] as string[] };
    class Notification extends EventTarget {
      static permission = 'default';
      static async requestPermission() {
        recorded.asked += 1;
        Notification.permission = 'granted';
        return 'granted';
      }
      constructor(title: string) {
        super();
        recorded.shown.push(title);
      }
    }
    Object.assign(globalThis, { Notification, recorded });
  });

it('counts those who wait in the title, and notifies of one that closes unanswered, once the user has asked for it', async () => {
  await write({ from: '+15552070002', name: 'Waiting Customer', text: 'Hello' });
  const { page } = await open('', { prepare: withNotifications });
  await page.locator('.session', { hasText: 'Waiting Customer' }).waitFor();
  const recorded = (field: string) => page.evaluate(`recorded.${field}`);
  expect(await page.title()).toBe('CareWindow');
  expect(await recorded('asked')).toBe(0);

  const bell = page.getByRole('button', { name: 'Notify me before a session closes unanswered' });
  await bell.click();
  expect(await recorded('asked')).toBe(1);
  await clock({ advanceSeconds: 86_400 - 3_000 });
  await eventually(() => page.title()).toMatch(/^\(\d+\) CareWindow$/);
  expect(await recorded('shown')).toEqual([]);
  await clock({ advanceSeconds: 2_400 });

  await eventually(() => recorded('shown')).toContain('Waiting Customer still waits');
  await clock({ reset: true });
});
