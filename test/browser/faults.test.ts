import type { BrowserContext, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { aBrowser, eventually } from '../support/browser.ts';

const { open, write, call, url } = aBrowser();

let count = 0;
const aCustomer = async () => {
  count += 1;
  const from = `+1555203${1000 + count}`;
  await write({ from, text: 'Where is my order?' });
  return from;
};
const hashOf = (customer: string) => `#/support/conversations/${encodeURIComponent(customer)}`;
const box = (page: Page) => page.locator('#composer-text');
const sentTo = async (customer: string) => {
  const { body } = await call('GET', `/v1/channels/support/customers/${customer}/messages`);
  return (body.messages as { direction: string }[]).filter(({ direction }) => direction === 'outbound').length;
};

/** Lets nothing through until it is told to. */
const hold = async (page: Page, path: string | RegExp) => {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(path, async (route) => {
    await released;
    await route.continue();
  });
  return () => release();
};

it('says that a message is being sent while the network is slow, and sends it once, however often Enter is pressed', async () => {
  const customer = await aCustomer();
  const { page } = await open(hashOf(customer));
  await box(page).fill('It is on its way.');
  const release = await hold(page, '**/oauth/v1/messages');

  await box(page).press('Enter');
  await page.getByText('Sending …').waitFor();
  await box(page).fill('Something else');
  await box(page).press('Enter');
  await box(page).press('Enter');
  expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
  release();
  await page.locator('.bubble.outbound', { hasText: 'It is on its way.' }).waitFor();
  await page.getByText('Sending …').waitFor({ state: 'detached' });

  expect(await sentTo(customer)).toBe(1);
  expect(await box(page).inputValue()).toBe('Something else');
});

it('says what it is waiting for while the network is slow, instead of an empty page', async () => {
  const customer = await aCustomer();
  const { page } = await open();
  await page.locator('.session').first().waitFor();
  const releases = await Promise.all(
    ['**/customers/**', '**/sessions*', '**/sessions/query', /\/v1\/channels\/[^/]+\/usage/, '**/deliveries'].map(
      (path) => hold(page, path),
    ),
  );

  await page.goto(`${url()}/${hashOf(customer)}`);
  await page.reload();
  await page.getByText('Reading the open sessions …').waitFor();
  await page.getByText('Reading the conversation …').waitFor();
  await page.getByRole('link', { name: 'Usage' }).click();
  await page.getByText('Reading the usage …').waitFor();
  await page.getByRole('link', { name: 'Events' }).click();
  await page.getByText('Reading the endpoints …').waitFor();
  for (const release of releases) release();

  await page.getByText('This channel posts its events to no endpoint.').waitFor();
});

it('says that a part could not be loaded, keeps the rest and what was typed, and loads it anew', async () => {
  const customer = await aCustomer();
  const { page } = await open(hashOf(customer));
  await box(page).fill('A draft');
  await page.route('**/console/assets/usage-view*', (route) => route.fulfill({ status: 404 }));

  await page.getByRole('link', { name: 'Usage' }).click();
  await page.getByRole('alert').getByText('This part of the page could not be loaded').waitFor();
  await page.getByRole('link', { name: 'Conversations' }).click();
  await page.locator('.session').first().waitFor();
  await page.getByRole('link', { name: 'Usage' }).click();
  await page.unroute('**/console/assets/usage-view*');
  await page.getByRole('button', { name: 'Reload the page' }).click();
  await page.getByText('Monthly active users').first().waitFor();

  await page.goto(`${url()}/${hashOf(customer)}`);
  await eventually(() => box(page).inputValue()).toBe('A draft');
});

it('keeps a conversation that cannot be shown from the list and from the others', async () => {
  const [broken, whole] = [await aCustomer(), await aCustomer()];
  const { page } = await open(hashOf(whole));
  await box(page).fill('A draft');
  const path = `**/customers/${encodeURIComponent(broken)}/messages?*`;
  await page.route(path, (route) => route.fulfill({ json: { messages: [{ id: 'm' }] } }));

  await page.goto(`${url()}/${hashOf(broken)}`);
  await page.getByRole('alert').getByText('This part of the page has failed').waitFor();
  await page.locator('.session').first().waitFor();
  await page.goto(`${url()}/${hashOf(whole)}`);

  await eventually(() => box(page).inputValue()).toBe('A draft');
});

it('says that the service does not answer when the page is opened, and opens once it does', async () => {
  const { page } = await open('', {
    prepare: (context) => context.route('**/console/config.json', (route) => route.abort()),
  });

  await page.getByText('The service does not answer').waitFor();
  await page.context().unroute('**/console/config.json');
  await page.getByRole('button', { name: 'Reload the page' }).click();

  await page.getByRole('heading', { name: 'Open sessions' }).waitFor();
});

const ISSUER = 'https://issuer.example.net';

/** A deployment whose issuer has an address to sign out. */
const withLogout = async (context: BrowserContext) => {
  await context.route('**/console/config.json', async (route) => {
    const response = await route.fetch();
    const config = await response.json();
    await route.fulfill({ json: { ...config, signIn: { ...config.signIn, logoutUrl: `${ISSUER}/logout` } } });
  });
  await context.route(`${ISSUER}/**`, (route) => route.fulfill({ body: 'Signed out', contentType: 'text/html' }));
};

it('signs the user out at the issuer, in all tabs, and forgets what was typed', async () => {
  const customer = await aCustomer();
  const { page, context } = await open(hashOf(customer), { prepare: withLogout });
  const other = await context.newPage();
  await other.goto(`${url()}/${hashOf(customer)}`);
  await other.locator('.bubble').first().waitFor();

  await page.locator('textarea').fill('For Ada alone');
  const kept = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('carewindow.draft')));
  expect(await kept()).toHaveLength(1);

  await page.getByRole('button', { name: 'Sign out local-agent' }).click();
  for (const tab of [page, other]) {
    await tab.getByText('Signed out').waitFor();
    expect(tab.url()).toMatch(/^https:\/\/issuer\.example\.net\/logout\?client_id=local-page&logout_uri=http/);
  }

  expect(await page.locator('.bubble').count()).toBe(0);
  await page.goto(`${url()}/${hashOf(customer)}`);
  await page.locator('.bubble').first().waitFor();
  expect(await kept()).toEqual([]);
});
