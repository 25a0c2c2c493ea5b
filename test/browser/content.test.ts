import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { VOICE_NOTE } from '../../functions/console/local/voice-note.ts';
import { aBrowser, eventually, violationsOf } from '../support/browser.ts';

const { open, write, call } = aBrowser();

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const PDF = Buffer.from('%PDF-1.4 invoice').toString('base64');
const HREF = 'https://files.example.com/a';

/** What a customer does, and what the bubble then shows. */
const RECEIVED: readonly (readonly [string, object, readonly string[]])[] = [
  ['text', { text: '*Hello* there' }, ['*Hello* there']],
  ['image', { file: { type: 'image', mimeType: 'image/png', base64: PIXEL, caption: 'My meter' } }, ['My meter']],
  ['audio', { file: { type: 'audio', mimeType: 'audio/ogg', base64: VOICE_NOTE, voice: true } }, []],
  ['video', { file: { type: 'video', mimeType: 'video/mp4', base64: PIXEL, caption: 'My film' } }, ['My film']],
  [
    'document',
    { file: { type: 'document', mimeType: 'application/pdf', base64: PDF, name: 'bill.pdf' } },
    ['bill.pdf'],
  ],
  ['sticker', { file: { type: 'sticker', mimeType: 'image/webp', base64: PIXEL } }, []],
  ['location', { location: { latitude: 55.6, longitude: 13, name: 'Gate' } }, ['Gate', '55.60000, 13.00000']],
  ['contacts', { contact: { name: 'Ana Lima', phone: '+15557654321' } }, ['Ana Lima', '+15557654321']],
  [
    'list_reply',
    {
      message: { type: 'interactive', interactive: { type: 'list_reply', list_reply: { id: 'mo', title: 'Monday' } } },
    },
    ['Monday'],
  ],
  ['button', { message: { type: 'button', button: { text: 'Call me', payload: 'call' } } }, ['Call me']],
  [
    'flow_reply',
    {
      message: {
        type: 'interactive',
        interactive: {
          type: 'nfm_reply',
          nfm_reply: { name: 'flow', body: 'Sent', response_json: '{"day":"Friday"}' },
        },
      },
    },
    ['day', 'Friday'],
  ],
  [
    'order',
    {
      message: {
        type: 'order',
        order: {
          catalog_id: 'c',
          product_items: [{ product_retailer_id: 'lamp-7', quantity: 2, item_price: 9.5, currency: 'EUR' }],
        },
      },
    },
    ['2 × lamp-7', '9.5 EUR'],
  ],
  [
    'unsupported',
    {
      message: {
        type: 'unsupported',
        unsupported: { type: 'poll_creation' },
        errors: [
          { code: 131051, title: 'Unsupported message type', error_data: { details: 'A poll is not supported' } },
        ],
      },
    },
    ['A message that WhatsApp does not pass on (poll creation)', 'A poll is not supported'],
  ],
  [
    'text',
    {
      message: {
        type: 'text',
        text: { body: 'Is it still there?' },
        referral: {
          source_type: 'ad',
          source_id: '7',
          source_url: HREF,
          headline: 'Lamps, half price',
          body: 'Until Sunday',
        },
      },
    },
    ['Came from an ad', 'Lamps, half price', 'Until Sunday', 'Is it still there?'],
  ],
  [
    'text',
    {
      message: {
        type: 'text',
        text: { body: 'In blue?' },
        context: { referred_product: { catalog_id: 'c', product_retailer_id: 'lamp-7' } },
      },
    },
    ['Asks about product lamp-7', 'In blue?'],
  ],
  ['call', { call: { event: 'connect' } }, ['Called']],
  ['call', { call: { event: 'terminate', seconds: 61 } }, ['Call ended, 61 s']],
];

/** What is sent, and what the bubble then shows. */
const SENT: readonly (readonly [{ readonly type: string; readonly [field: string]: unknown }, readonly string[]])[] = [
  [{ type: 'image', url: `${HREF}.png`, caption: 'The new one' }, ['Picture', 'The new one']],
  [{ type: 'document', url: `${HREF}.pdf`, filename: 'contract.pdf' }, ['contract.pdf']],
  [{ type: 'sticker', url: `${HREF}.webp` }, ['Sticker']],
  [{ type: 'location', latitude: 52.5, longitude: 13.4, name: 'Our shop' }, ['Our shop']],
  [
    { type: 'contacts', contacts: [{ name: { formatted: 'The driver' }, phones: [{ phone: '+15550001' }] }] },
    ['The driver'],
  ],
  [
    { type: 'buttons', body: 'Tuesday?', footer: 'Free choice', buttons: [{ id: 'y', title: 'Yes' }] },
    ['Tuesday?', 'Free choice', 'Yes'],
  ],
  [
    {
      type: 'list',
      body: 'Which day?',
      button: 'Days',
      sections: [{ title: 'Week', rows: [{ id: 'm', title: 'Monday' }] }],
    },
    ['Which day?', 'Choices', 'Monday', 'Days'],
  ],
  [{ type: 'cta_url', body: 'Track it', button: 'Open', url: HREF }, ['Track it', 'Open']],
  [{ type: 'location_request', body: 'Where are you?' }, ['Where are you?', 'Send location']],
  [{ type: 'contact_request', body: 'May we call?' }, ['May we call?', 'Share the phone number']],
  [{ type: 'flow', body: 'A visit', flowId: '77', button: 'Choose a time' }, ['A visit', 'Choose a time']],
  [
    {
      type: 'template',
      name: 'order_update',
      language: 'en_US',
      components: [
        {
          type: 'body',
          parameters: [
            { type: 'text', text: 'Ada' },
            { type: 'text', text: 'A-4711' },
          ],
        },
      ],
    },
    ['Template: order update (en_US)', 'Hello Ada, there is news on your order A-4711.'],
  ],
];

const FROM = '+15552050001';

const literal = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
const inThisOrder = (texts: readonly string[]) => expect.stringMatching(new RegExp(texts.map(literal).join('[^]*')));

const send = async (content: object) => {
  const { status, text } = await call('POST', '/v1/messages', { channel: 'support', to: FROM, content });
  expect(status, text).toBe(201);
};

const bubbles = (page: Page) => page.locator('li.bubble');

/** For a look at it by eye: `BROWSER_PICTURES=<folder>`. */
const picture = async (page: Page, name: string) => {
  const folder = process.env['BROWSER_PICTURES'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png` });
};

it('shows every type of content in both directions, in both colour schemes, without a violation', async () => {
  for (const [, action] of RECEIVED) await write({ from: FROM, ...action });
  for (const [content] of SENT) await send(content);
  const { body } = await call('GET', `/v1/channels/support/customers/${FROM}/messages?limit=100`);
  const first = body.messages.find(({ content }: { content: { text?: string } }) => content.text === '*Hello* there');
  await send({ type: 'reaction', messageId: first.id, emoji: '👍' });
  const viewport = { width: 1440, height: 4_000 };
  const { page, faults } = await open(`#/support/conversations/${encodeURIComponent(FROM)}`, { viewport });
  await bubbles(page)
    .nth(RECEIVED.length + SENT.length - 1)
    .waitFor();

  const shown = await bubbles(page).evaluateAll((all) =>
    all.map(({ className, dataset, textContent }) => [`${className} ${dataset['type']}`, textContent] as const),
  );
  for (const [type, , texts] of RECEIVED) expect(shown).toContainEqual([`bubble inbound ${type}`, inThisOrder(texts)]);
  for (const [content, texts] of SENT)
    expect(shown).toContainEqual([`bubble outbound ${content.type}`, inThisOrder(texts)]);
  expect(await page.locator('.bubble[data-type=reaction] .quote').textContent()).toContain('Hello');
  await eventually(() => page.locator('.bubble img').count()).toBe(2);
  await eventually(() => page.locator('.bubble video, .bubble audio').count()).toBe(2);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violationsOf(page), colorScheme).toEqual([]);
    await picture(page, `content-${colorScheme}`);
  }
  expect(faults).toEqual([]);
});
