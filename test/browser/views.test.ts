import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { aBrowser, eventually, violationsOf } from '../support/browser.ts';

const { open, write, call, control, clock, url } = aBrowser();

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

const hashOf = (customer: string, view = 'conversations') => `#/support/${view}/${encodeURIComponent(customer)}`;
const send = (to: string, content: object, more: object = {}) =>
  call('POST', '/v1/messages', { channel: 'support', to, content, ...more });
const texts = (page: Page, selector: string) => page.locator(selector).allTextContents();

/** Both colour schemes of a view without a violation. */
const expectAccessible = async (page: Page) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violationsOf(page), colorScheme).toEqual([]);
  }
};

it('shows each type of message as text, a picture, a map and cards, without a violation in either colour scheme', async () => {
  const from = '+15552010001';
  await write({ from, text: 'Hello' });
  await write({ from, file: { type: 'image', mimeType: 'image/png', base64: PIXEL, caption: 'What came' } });
  await write({
    from,
    message: { type: 'location', location: { latitude: 52.5163, longitude: 13.3777, name: 'Gate' } },
  });
  await write({ from, message: { type: 'contacts', contacts: [{ name: { formatted_name: 'Ana Lima' } }] } });
  await send(from, { type: 'buttons', body: 'Again?', buttons: [{ id: 'y', title: 'Yes, please' }] });
  await control('provider/faults', { provider: 'meta', kind: 'timeout_after_accept', times: 1 });
  await send(from, { type: 'text', text: 'In doubt' });
  const { page, faults } = await open(hashOf(from));

  await page.getByText('Gate').waitFor();
  await eventually(() => page.locator('img.picture').evaluate(({ naturalWidth }) => naturalWidth)).toBe(1);
  await page.getByText('The window opened for 24 hours').waitFor();
  await page.locator('.why summary').first().click();
  expect(await texts(page, '.why p')).toContainEqual(
    expect.stringMatching(/a session message; the window was open until .*, 86\d{3} seconds more; consent: unknown/),
  );
  expect(await texts(page, '.contact-card strong')).toEqual(['Ana Lima']);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'It was not sent' }).click();
  await page.locator('.bubble[data-status=failed]').waitFor();
  expect(faults).toEqual([]);
});

it('shows hostile text as text, and keeps its layout', async () => {
  const from = '+15552010002';
  const script = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
  const cards = Array.from({ length: 1_500 }, (_, index) => ({
    name: { formatted_name: `\u202e${script}${index}`.padEnd(140, 'x') },
  }));
  await write({ from, text: script });
  await write({ from, text: '\u202eright to left\u202c شكرا \u2066<b>' });
  await write({ from, text: '😀'.repeat(4_096) });
  await write({ from, message: { type: 'contacts', contacts: cards } });
  const { page, faults } = await open(hashOf(from), { viewport: { width: 360, height: 740 } });

  await page.getByText(script, { exact: true }).waitFor();
  await page.getByText('and 1495 more contacts').waitFor();
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  expect(
    await page.locator('.composer').evaluate((composer) => composer.getBoundingClientRect().right),
  ).toBeLessThanOrEqual(360);
  await expectAccessible(page);
  expect(faults).toEqual([]);
});

it('shows a closed window with its picker, records the opt-in there, and never shows a user id as a number', async () => {
  const userId = 'US.13491208655302741918';
  await write({ userId, text: 'Hello' });
  const { page } = await open(hashOf(userId));
  await page.getByRole('heading', { name: `Local customer ${userId}` }).waitFor();
  await page.locator('.session .tag', { hasText: 'user id' }).waitFor();
  await clock({ advanceSeconds: 86_400 });

  await page.getByText('no opt-in is recorded').waitFor();
  await expectAccessible(page);
  await page.getByLabel('How it was given').fill('call');
  await page.getByRole('button', { name: 'Record the opt-in' }).click();
  await page.getByRole('button', { name: /summer offer/ }).click();
  await page.getByText('Price category: Marketing').waitFor();
  await expectAccessible(page);

  const { body } = await call('GET', `/v1/channels/support/customers/${userId}/consent`);
  expect(body).toMatchObject({ state: 'opted_in', source: 'call', actor: 'agent:local-agent' });
  await clock({ reset: true });
});

it('shows the customer, takes the conversation, and erases it when the number is typed', async () => {
  const from = '+15552010003';
  await write({ from, text: 'Hello' });
  const { page, faults } = await open(hashOf(from));
  await page.getByRole('button', { name: 'Show the customer' }).click();
  await page.getByRole('button', { name: 'Take the conversation' }).click();
  await page.getByText('Held by a person').waitFor();
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Erase the customer' }).click();
  await page.getByLabel(/Type .* to confirm/).fill('+15552010009');
  expect(await page.getByRole('button', { name: 'Erase for good' }).isDisabled()).toBe(true);
  await page.getByLabel(/Type .* to confirm/).fill(from);
  await page.getByRole('button', { name: 'Erase for good' }).click();
  await page.getByText('Pick a conversation').waitFor();

  const { body } = await call('GET', `/v1/channels/support/customers/${from}/messages`);
  expect(body.messages).toEqual([]);
  expect(faults).toEqual([]);
});

it('finds customers by name, number and reference, and shows who waits and what is in doubt', async () => {
  const [waiting, answered] = ['+15552010004', '+15552010005'];
  for (const from of [waiting, answered]) await write({ from, text: 'Hello' });
  await send(answered, { type: 'text', text: 'Yes?' }, { clientReference: 'order-4711' });
  const { page } = await open();
  const row = (number: string) => page.locator('.session', { hasText: number });
  await row('+1 555 201 0005').waitFor();

  await page.getByText('Unanswered', { exact: true }).click();
  await row('+1 555 201 0005').waitFor({ state: 'detached' });
  await row('+1 555 201 0004').waitFor();
  await page.getByText('All', { exact: true }).click();
  const search = page.getByLabel('Search customers');
  await search.fill('555 201 0005');
  await row('+1 555 201 0004').waitFor({ state: 'detached' });
  await search.fill('order-4711');
  await search.press('Enter');
  await page.locator('.found').getByText('reference', { exact: true }).waitFor();
  await search.fill('+1 555 999 0000');
  await search.press('Enter');
  await page.locator('.found a').click();
  await page.getByText('No messages yet').waitFor();
  await expectAccessible(page);
  expect(await page.title()).toMatch(/CareWindow$/);
});

it('shows usage and events without a violation, and never the word free', async () => {
  const from = '+15552010006';
  await write({ from, text: 'Hello' });
  const { page, faults } = await open('#/support/usage');
  await page.getByText('Monthly active users').first().waitFor();
  await expectAccessible(page);
  expect(await page.locator('body').textContent()).not.toMatch(/\bfree\b/i);

  await page.goto(`${url()}/${hashOf(from, 'events')}`);
  await page.getByText('session.opened').waitFor();
  await page.getByText('This channel posts its events to no endpoint.').waitFor();
  await page.getByText('session.opened').click();
  await expectAccessible(page);
  expect(faults).toEqual([]);
});
