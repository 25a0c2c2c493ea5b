import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { aBrowser, eventually, violationsOf } from '../support/browser.ts';

const { open: openPage, call, clock } = aBrowser();

/** Ends a step that hangs; no test measures how fast the machine is. */
const STEP_MS = 60_000;

const open: typeof openPage = async (...given) => {
  const opened = await openPage(...given);
  opened.context.setDefaultTimeout(STEP_MS);
  return opened;
};

const ADA = '+15551234567';
const ON_ADA = `#/support/conversations/${encodeURIComponent(ADA)}`;

const phoneOf = (page: Page) => page.getByRole('region', { name: 'A customer’s phone' });
const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click();

const say = async (page: Page, text: string) => {
  await phoneOf(page).getByRole('textbox', { name: 'Message' }).fill(text);
  await phoneOf(page).getByRole('button', { name: 'Write as the customer' }).click();
  await page.locator('.phone-bubble.customer', { hasText: text }).waitFor();
};

const answer = async (content: object, to = ADA, channel = 'support'): Promise<string> =>
  (await call('POST', '/v1/messages', { channel, to, content })).body.id;

const received = async (customer: string, channel = 'support') => {
  const { body } = await call('GET', `/v1/channels/${channel}/customers/${customer}/messages`);
  return (body.messages as { direction: string; content: Record<string, unknown> }[])
    .filter(({ direction }) => direction === 'inbound')
    .map(({ content }) => content);
};

const inBothSchemes = async (page: Page) => {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    found.push(...(await violationsOf(page)));
  }
  return found;
};

it('is a phone that writes, sends files, taps and shows what arrives', async () => {
  const { page, faults } = await open(ON_ADA);
  await say(page, '<b>Hello</b> \u202Eolleh');
  await phoneOf(page).getByRole('button', { name: 'Sample photo' }).click();
  await page.locator('.phone-bubble img').waitFor();
  await phoneOf(page).getByRole('button', { name: 'Voice note' }).click();
  await page.locator('.phone-bubble audio').waitFor();
  await phoneOf(page).getByRole('button', { name: 'Location' }).click();
  await phoneOf(page).getByText('Central station').waitFor();
  const id = await answer({ type: 'buttons', body: 'Tuesday?', buttons: [{ id: 'yes', title: 'Yes' }] });
  await phoneOf(page).getByRole('button', { name: 'Yes' }).click();
  await page.locator('.phone-bubble.customer', { hasText: 'Yes' }).waitFor();
  await answer({ type: 'flow', body: 'A visit', flowId: '77', button: 'Choose a time' });
  await phoneOf(page).getByRole('button', { name: 'Choose a time' }).click();
  await page.getByLabel('Answers, as JSON').fill('{"day":"Friday"}');
  await page.getByRole('button', { name: 'Send the answers' }).click();
  await phoneOf(page).getByRole('button', { name: 'Call' }).click();
  await phoneOf(page).getByRole('button', { name: 'Hang up' }).click();
  await eventually(async () => (await received(ADA)).map(({ event }) => event)).toContain('terminate');

  expect(await received(ADA)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ type: 'text', text: '<b>Hello</b> \u202Eolleh' }),
      expect.objectContaining({ type: 'image', mimeType: 'image/png' }),
      expect.objectContaining({ type: 'audio', voice: true }),
      expect.objectContaining({ type: 'button_reply', id: 'yes' }),
      expect.objectContaining({ type: 'flow_reply', response: { flow_token: 'unused', day: 'Friday' } }),
    ]),
  );
  await eventually(async () => (await call('GET', `/v1/messages/${id}`)).body.status).toBe('read');
  expect(await inBothSchemes(page)).toEqual([]);
  expect(faults).toEqual([]);
});

it('has several phones, each with number, user id and channel of its own', async () => {
  const { page } = await open();
  await page.getByRole('button', { name: 'Add a phone' }).click();
  await page.getByRole('button', { name: 'Who has this phone' }).click();
  await page.getByLabel('Number').fill('');
  await page.getByLabel('User id').fill('US.13491208655302741918');
  await page.getByLabel('Writes to').selectOption('support-aws');
  await page.getByRole('button', { name: 'Done' }).click();
  await say(page, 'No number here');

  await eventually(() => received('US.13491208655302741918', 'support-aws')).toMatchObject([
    { type: 'text', text: 'No number here' },
  ]);
  await page.reload();
  await page.getByRole('button', { name: 'Ben' }).click();
  await page.locator('.phone-bubble', { hasText: 'No number here' }).waitFor();
});

it('moves the clock to where something happens, and says what happened on the way', async () => {
  const { page } = await open(ON_ADA);
  await say(page, 'Still there?');
  await page.getByRole('button', { name: 'Next event' }).click();
  await page.locator('.happened').getByText('session.closing').waitFor();
  await page.getByRole('button', { name: '30 s before it closes' }).click();
  await page.getByText('Open, 0:').waitFor();
  await page.getByText('a message might reach WhatsApp too late, so only a template is accepted now').waitFor();
  await page.getByRole('button', { name: 'Just after' }).click();

  await page.locator('.happened li', { hasText: 'session.closed' }).getByText('+1 555 123 4567').waitFor();
  await page.getByText('Closed', { exact: true }).waitFor();
  expect(await inBothSchemes(page)).toEqual([]);
  await page.getByRole('button', { name: 'Now', exact: true }).click();
  await clock({ reset: true });
});

it('switches a fault on and off, and counts what is left of it', async () => {
  const { page } = await open();
  await tab(page, 'Faults');
  await page.getByLabel('How often: Duplicate').fill('2');
  await page.getByRole('switch', { name: 'Duplicate' }).click();
  await page.getByText('2 left').waitFor();
  await call('POST', '/_local/provider/inbound', { channel: 'support', from: ADA, text: 'Twice' });
  await page.getByText('1 left').waitFor();
  const violations = await inBothSchemes(page);
  await page.getByRole('switch', { name: 'Duplicate' }).click();
  await page.getByText('1 left').waitFor({ state: 'detached' });

  expect((await call('GET', '/_local/provider/faults')).body).toEqual({ faults: [], held: [] });
  expect(violations).toEqual([]);
});

it('plays a story and says what was proven', async () => {
  const { page } = await open();
  await tab(page, 'Stories');
  await page.getByRole('button', { name: 'Play: Twenty agents at once' }).click();
  const story = page.locator('.story.passed');
  await story.getByText('One template was sent.').waitFor();
  await story.getByText('Nineteen agents were refused, and told why.').waitFor();

  expect(await inBothSchemes(page)).toEqual([]);
  await clock({ reset: true });
});

it('shows the wire, sends a webhook twice and edited, and copies it as curl', async () => {
  const { page } = await open('', { permissions: ['clipboard-read', 'clipboard-write'] });
  await call('DELETE', '/_local/wire');
  await call('POST', '/_local/provider/inbound', { channel: 'support', from: ADA, id: 'wamid.first', text: 'It’s me' });
  await tab(page, 'Wire');
  await page
    .locator('.wire')
    .getByRole('button', { name: /Webhook/ })
    .click();
  const outcome = () => page.locator('.wire-actions [role=status]').textContent();
  await page.getByRole('button', { name: 'Send twice' }).click();
  await eventually(outcome).toBe('Answered 200, 200');
  await page.getByRole('button', { name: 'Copy as curl' }).click();
  const curl = await page.evaluate<string>('navigator.clipboard.readText()');
  await page.getByRole('button', { name: 'Edit and send' }).click();
  const body = page.getByRole('textbox', { name: 'Edit and send' });
  await body.fill((await body.inputValue()).replace('s me"', 's edited"').replace('wamid.first', 'wamid.second'));
  await page.getByRole('button', { name: 'Sign and send' }).click();
  await eventually(outcome).toBe('Answered 200');

  expect(curl).toMatch(/^curl -s -X POST 'http:\/\/127\.0\.0\.1:\d+\/webhooks\/meta\/demo-meta'.*x-hub-signature-256/);
  expect(await received(ADA)).toContainEqual(expect.objectContaining({ text: 'It’s edited' }));
  expect(await inBothSchemes(page)).toEqual([]);
});

it('saves the state as a file and loads it', async () => {
  const { page } = await open(ON_ADA);
  await say(page, 'Remember me');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Save state' }).click(),
  ]);
  const file = { name: 'state.json', mimeType: 'application/json', buffer: await readFile(await download.path()) };
  await say(page, 'Forget this');

  await page.getByLabel('Load state').setInputFiles({ ...file, buffer: Buffer.from('{}') });
  await page.getByText('version: ').waitFor();
  await page.getByLabel('Load state').setInputFiles(file);
  await page.getByText('The state was loaded.').waitFor();

  await page.locator('.phone-bubble', { hasText: 'Forget this' }).waitFor({ state: 'detached' });
  expect((await received(ADA)).map(({ text }) => text)).not.toContain('Forget this');
});
