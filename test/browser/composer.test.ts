import type { BrowserContext, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { aBrowser, eventually } from '../support/browser.ts';

const { open, clock, write, call, restart, control, url } = aBrowser();

let count = 0;
/** A number of its own for each test, who has just written. */
const aCustomer = async (text = 'Where is my order?') => {
  count += 1;
  const from = `+1555200${1000 + count}`;
  await write({ from, text });
  return from;
};

const hashOf = (customer: string) => `#/support/conversations/${encodeURIComponent(customer)}`;
const box = (page: Page) => page.locator('#composer-text');
const sentTo = async (customer: string) => {
  const { body } = await call('GET', `/v1/channels/support/customers/${customer}/messages`);
  return (body.messages as { direction: string; content: { text: string } }[])
    .filter(({ direction }) => direction === 'outbound')
    .map(({ content }) => content.text);
};
const optIn = (customer: string) =>
  call('PUT', `/v1/channels/support/customers/${customer}/consent`, {
    state: 'opted_in',
    source: 'website',
    actor: 'test',
  });

it('turns into the template picker with the draft kept when the window closes, and back when the customer writes', async () => {
  const customer = await aCustomer();
  await optIn(customer);
  const { page, faults } = await open(hashOf(customer));
  await box(page).fill('We have found your parcel.');
  // Five seconds before the margin of 30 seconds: the page waits for the end by itself.
  await clock({ advanceSeconds: 86_400 - 35 });
  await page.getByText('s left').first().waitFor();

  await page.getByText('Your draft is kept:').waitFor();
  expect(await page.locator('.kept-draft').textContent()).toContain('We have found your parcel.');
  await page.reload();
  await page.getByText('Your draft is kept:').waitFor();
  await page.getByLabel('Search templates').fill('order');
  await page.getByRole('button', { name: /order update/ }).click();
  expect(await page.getByRole('button', { name: 'Send template' }).isDisabled()).toBe(true);
  await page.getByLabel('Value 1').fill('Mira');
  await page.getByLabel('Value 2').fill('A-4711');
  await page.getByText('Price category: Utility').waitFor();
  await page.getByRole('button', { name: 'Send template' }).click();
  await page.getByText('Hello Mira, there is news on your order A-4711.').first().waitFor();
  await write({ from: customer, text: 'Thank you' });
  await box(page).waitFor();

  expect(await box(page).inputValue()).toBe('We have found your parcel.');
  await box(page).press('Enter');
  await page.locator('.bubble.outbound', { hasText: 'We have found your parcel.' }).waitFor();
  expect(faults).toEqual([]);
  await clock({ reset: true });
});

it('sends nothing twice, from two tabs with the same draft, and keeps it over a reload', async () => {
  const customer = await aCustomer();
  const { page, context } = await open(hashOf(customer));
  const other = await context.newPage();
  await other.goto(`${url()}/${hashOf(customer)}`);
  await box(page).fill('Only once, please.');
  await eventually(() => box(other).inputValue()).toBe('Only once, please.');
  await other.reload();
  await eventually(() => box(other).inputValue()).toBe('Only once, please.');

  await Promise.all([box(page).press('Enter'), box(other).press('Enter')]);

  await page.locator('.bubble.outbound', { hasText: 'Only once, please.' }).first().waitFor();
  await other.locator('.bubble.outbound', { hasText: 'Only once, please.' }).first().waitFor();
  expect(await sentTo(customer)).toEqual(['Only once, please.']);
});

it('says that no answer came, and sends the message once when it is sent again', async () => {
  const customer = await aCustomer();
  const { page } = await open(hashOf(customer));
  const keys = new Set<string>();
  // The service takes the message; its answer is lost.
  await page.route('**/oauth/v1/messages', async (route) => {
    keys.add((await route.request().allHeaders())['idempotency-key'] ?? '');
    await route.fetch();
    await route.abort();
  });
  await box(page).fill('Is it here?');
  await box(page).press('Enter');

  await page.getByText('No answer came').waitFor();
  await page.reload();
  await page.getByText('A message was not confirmed').waitFor();
  await page.unroute('**/oauth/v1/messages');
  await page.getByRole('button', { name: 'Send again' }).click();
  await page.getByText('A message was not confirmed').waitFor({ state: 'detached' });

  expect(keys.size).toBe(1);
  expect(await sentTo(customer)).toEqual(['Is it here?']);
});

it('says that the service does not answer, and goes on when it does', async () => {
  const customer = await aCustomer();
  const { page, context } = await open(hashOf(customer));
  await box(page).fill('A draft');
  await page.locator('.bubble').waitFor();

  await context.setOffline(true);
  await page.getByText('No answer from the service.').waitFor();
  await context.setOffline(false);
  await page.getByText('No answer from the service.').waitFor({ state: 'detached' });

  expect(await box(page).inputValue()).toBe('A draft');
});

it('shows the time of the service, whatever the clock of the browser says', async () => {
  const customer = await aCustomer();
  const { page } = await open(hashOf(customer), {
    prepare: (context) =>
      context.addInitScript(() => {
        const now = Date.now.bind(Date);
        Date.now = () => now() + 5 * 3_600_000;
      }),
  });

  await page.locator('.window-state', { hasText: 'Open, 23 h 59 m left' }).waitFor();
  expect(await box(page).isEnabled()).toBe(true);
});

/** Presses two keys, and the browser does nothing in between. */
const PRESS_AT_ONCE = `(async () => {
  for (const key of ['j', 'r']) {
    dispatchEvent(new KeyboardEvent('keydown', { key }));
    await Promise.resolve();
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
})()`;

it('takes the key that follows another one at once for the conversation that is shown then', async () => {
  await aCustomer('First');
  await aCustomer('Second');
  const { page } = await open();
  await page.locator('.session').nth(1).waitFor();
  await page.keyboard.press('n');
  await box(page).waitFor();
  const shown = page.url();

  await page.evaluate(PRESS_AT_ONCE);

  expect(page.url()).not.toBe(shown);
  expect(await page.evaluate('document.activeElement.id')).toBe('composer-text');
});

it('is used by keyboard alone', async () => {
  await aCustomer('First');
  const { page, faults } = await open();
  await page.locator('.session').first().waitFor();

  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  await page.locator('.bubble').first().waitFor();
  await page.locator('.session[aria-current]').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('r');
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Enter');

  await page.locator('.bubble.outbound', { hasText: 'By keyboard' }).waitFor();
  expect(faults).toEqual([]);
});

it('replaces a token before it expires, and asks to sign in again when it gets none', async () => {
  const customer = await aCustomer();
  let refreshes = 0;
  const shorten = (context: BrowserContext) =>
    context.route('**/_local/oauth2/**', async (route) => {
      const request = route.request();
      if (request.postData()?.includes('refresh_token') === true) refreshes += 1;
      const url = new URL(request.url());
      // A minute is what the page keeps in hand.
      if (url.pathname.endsWith('/authorize')) url.searchParams.set('lifetime_seconds', '61');
      await route.continue({ url: url.href });
    });
  const { page, context } = await open(hashOf(customer), { prepare: shorten });
  await box(page).fill('Kept over the sign-in');
  await eventually(() => refreshes).toBeGreaterThan(0);
  await page.locator('.bubble').first().waitFor();
  // The service starts anew: it knows none of the tokens.
  await restart();
  await context.unroute('**/_local/oauth2/**');
  await page.getByRole('button', { name: 'Sign in again' }).click();

  // The table is empty, so that the window is closed.
  await page.getByText('Your draft is kept: Kept over the sign-in').waitFor();
  expect(page.url()).toContain(encodeURIComponent(customer));
});

it('shows why a message is refused, and gives the text back', async () => {
  const customer = await aCustomer();
  const { page } = await open(hashOf(customer));
  await box(page).fill('x'.repeat(4_097));
  await box(page).press('Enter');

  await page.getByRole('alert').getByText('content.text').waitFor();
  expect(await box(page).inputValue()).toHaveLength(4_097);
  await box(page).fill('Shorter');
  await control('provider/faults', { provider: 'meta', kind: 'window_closed', times: 1 });
  await box(page).press('Enter');

  await page.getByText('WhatsApp reported that the customer care session is closed').first().waitFor();
  expect(await page.locator('.kept-draft').textContent()).toContain('Shorter');
});
