import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { aBrowser } from '../support/browser.ts';

const { open, write, call } = aBrowser();

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

let count = 0;
const aConversation = async () => {
  count += 1;
  const from = `+1555206${1000 + count}`;
  await write({ from, text: 'Hello' });
  const { page, faults } = await open(`#/support/conversations/${encodeURIComponent(from)}`);
  await page.locator('#composer-text').waitFor();
  return { from, page, faults };
};
const attach = (page: Page, name: string, mimeType: string, buffer: Buffer) =>
  page.locator('.attach-menu input[type=file]').setInputFiles({ name, mimeType, buffer });
const lastSent = async (customer: string) => {
  const { body } = await call('GET', `/v1/channels/support/customers/${customer}/messages`);
  return body.messages.find(({ direction }: { direction: string }) => direction === 'outbound')?.content;
};

it.each([
  [
    'a picture with the text as its caption',
    'meter.png',
    'image/png',
    Buffer.from(PIXEL, 'base64'),
    { type: 'image', caption: 'The new meter' },
  ],
  [
    'a PDF with its name',
    'bill.pdf',
    'application/pdf',
    Buffer.from('%PDF-1.4'),
    { type: 'document', filename: 'bill.pdf', caption: 'The new meter' },
  ],
])('uploads %s, keeps it over a reload, and sends it', async (_, name, mimeType, buffer, content) => {
  const { from, page, faults } = await aConversation();
  await attach(page, name, mimeType, buffer);
  await page.locator('.attachment', { hasText: name }).waitFor();
  await page.locator('#composer-text').fill('The new meter');
  await page.reload();
  await page.locator('.attachment', { hasText: name }).waitFor();
  await page.locator('#composer-text').press('Enter');

  await page.locator(`.bubble.outbound[data-type=${content.type}]`).waitFor();
  await page.locator('.attachment').waitFor({ state: 'detached' });
  expect(await lastSent(from)).toMatchObject(content);
  expect(faults).toEqual([]);
});

it('says that a file is too big before it uploads a byte of it, and keeps the text', async () => {
  const { page } = await aConversation();
  const uploads: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().includes('/_local/')) uploads.push(request.url());
  });
  await page.locator('#composer-text').fill('The meter');

  await attach(page, 'meter.png', 'image/png', Buffer.alloc(5 * 1024 * 1024 + 1));
  await page.locator('.attach-status').getByText('size').waitFor();

  expect(await page.locator('.attachment').count()).toBe(0);
  expect(await page.locator('#composer-text').inputValue()).toBe('The meter');
  expect(uploads.filter((address) => !address.includes('oauth'))).toEqual([]);
});

it('says that the upload failed, and takes the same file again', async () => {
  const { page } = await aConversation();
  const { url } = (await call('POST', '/v1/channels/support/media', { type: 'image', mimeType: 'image/png', size: 70 }))
    .body;
  await page.route(`${new URL(url).origin}${new URL(url).pathname}*`, (route) => route.abort());
  await attach(page, 'meter.png', 'image/png', Buffer.from(PIXEL, 'base64'));
  await page.getByText('The file was not uploaded. Try again.').waitFor();
  await page.unroute(`${new URL(url).origin}${new URL(url).pathname}*`);

  await attach(page, 'meter.png', 'image/png', Buffer.from(PIXEL, 'base64'));

  await page.locator('.attachment', { hasText: 'meter.png' }).waitFor();
});
