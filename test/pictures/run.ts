import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { createLocalLog } from '../../infra/local/local-log.ts';
import { startLocalService } from '../../infra/local/service.ts';
import { findChromium, NO_CHROMIUM } from '../support/chromium.ts';

/*
 * Makes the pictures of the README anew: a morning at a shop's customer care, on the local run, at a fixed time.
 */

const OUT = join(import.meta.dirname, '..', '..', 'docs', 'pictures');
const NOW = '2026-11-27T14:20:00.000Z';
const ADA = '+15551234567';

/** Who wrote how many minutes ago, the last message of each; a user id is not known by a number. */
const CUSTOMERS = [
  { from: '+15552010001', name: 'Jonas Weber', minutes: 1_431, text: 'Any news on my refund?' },
  { from: '+15552010002', name: 'Aïcha Benali', minutes: 1_395, text: 'The invoice has the wrong address.' },
  { from: '+5511987654321', name: 'João Pereira', minutes: 1_205, text: 'Obrigado! Quando chega?' },
  { from: '+4915123456789', name: 'Lena Hoffmann', minutes: 870, text: 'Kann ich die Größe tauschen?' },
  { userId: 'US.13491208655302741918', name: 'Sam', minutes: 640, text: 'Is the blue one back in stock?' },
  { from: '+919876543210', name: 'Priya Nair', minutes: 395, text: 'Please call me tomorrow.' },
  { from: '+33612345678', name: 'Chloé Martin', minutes: 120, text: 'Merci pour votre aide.' },
  { from: '+12025550143', name: 'Daniel Okafor', minutes: 31, text: 'Can I change the delivery day?' },
] as const;

/** The parcel of the story, as a customer photographs it. */
const PARCEL = `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="320"><rect width="480" height="320" fill="#cdbfa8"/><path d="M90 110 240 60l150 50v130l-150 50-150-50z" fill="#a9793f"/><path d="m90 110 150 50 150-50-150-50z" fill="#c08d50"/><path d="M240 160v130" stroke="#7d5829" stroke-width="4"/><path d="m165 85 150 50v46l-26-9v-38L139 94z" fill="#e8d9bd"/><path d="m285 150 60-22 10 46-34 8z" fill="#5b3f1c"/></svg>`;

type Service = Awaited<ReturnType<typeof startLocalService>>;

const post = async ({ url }: Service, path: string, body: object): Promise<{ readonly id: string }> => {
  const response = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path} answers ${response.status}: ${await response.text()}`);
  return (await response.json()) as { id: string };
};

const minutesAgo = (minutes: number): string => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();

const setClock = (service: Service, now: string) => post(service, '/_local/clock', { now });
const write = (service: Service, message: object) =>
  post(service, '/_local/provider/inbound', { channel: 'support', ...message });
const send = (service: Service, to: string, content: object) =>
  post(service, '/v1/messages', { channel: 'support', to, as: 'person', content });

/** Everyone has written; some were answered. */
const seed = async (service: Service, parcel: string): Promise<void> => {
  for (const { minutes, ...message } of CUSTOMERS) {
    await setClock(service, minutesAgo(minutes));
    await write(service, message);
  }
  await setClock(service, minutesAgo(110));
  await send(service, '+33612345678', { type: 'text', text: 'With pleasure. Have a good day!' });
  await setClock(service, minutesAgo(22));
  await write(service, { from: ADA, name: 'Ada da Silva', text: 'Hello, my parcel arrived like this.' });
  const file = { type: 'image', mimeType: 'image/png', base64: parcel };
  await write(service, { from: ADA, name: 'Ada da Silva', file });
  await setClock(service, minutesAgo(17));
  await send(service, ADA, {
    type: 'buttons',
    body: 'Oh no! Shall we send you a new one, or pay the money back?',
    buttons: [
      { id: 'new', title: 'A new one, please' },
      { id: 'money', title: 'The money' },
    ],
  });
  await setClock(service, minutesAgo(4));
  const tap = { type: 'button_reply', button_reply: { id: 'new', title: 'A new one, please' } };
  await write(service, { from: ADA, name: 'Ada da Silva', message: { type: 'interactive', interactive: tap } });
  await setClock(service, NOW);
};

/** What the month held so far: an answer and its receipt for each customer, and templates to some. */
const seedMonth = async (service: Service): Promise<void> => {
  const days = Array.from({ length: 26 }, (_, day) => day + 1);
  for (const day of days) {
    const from = `+15553${String(10_000 + day)}`;
    await setClock(service, new Date(Date.UTC(2026, 10, day, 9 + (day % 9), 12)).toISOString());
    await write(service, { from, text: 'Hello' });
    const { id } = await send(service, from, { type: 'text', text: 'How can we help?' });
    await post(service, '/_local/provider/status', { id, status: 'delivered' });
    if (day % 4 !== 0) continue;
    const offer = await send(service, from, { type: 'template', name: 'hello_again', language: 'en_US' });
    await post(service, '/_local/provider/status', { id: offer.id, status: 'delivered' });
  }
  await setClock(service, NOW);
};

/** Far longer than any step takes. */
const STEP_MS = 120_000;

const SIZE: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, timezoneId: 'UTC', locale: 'en-GB' };

const hashOf = (view: string, customer?: string): string =>
  `#/support/${view}${customer === undefined ? '' : `/${encodeURIComponent(customer)}`}`;

/** Waits until what was asked for is shown, and takes the picture. */
const take = async (page: Page, name: string): Promise<void> => {
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await page.waitForTimeout(1_500);
  await page.screenshot({ path: join(OUT, `${name}.png`) });
  console.log(`docs/pictures/${name}.png`);
};

const hidePhone = (page: Page) => page.getByRole('button', { name: 'The customer’s phone and the clock' }).click();

const takeAll = async (service: Service, page: Page): Promise<void> => {
  const go = (hash: string) => page.goto(`${service.url}/${hash}`);
  await go('');
  await page.locator('.session').first().waitFor();
  await hidePhone(page);
  await take(page, 'list');
  await go(hashOf('conversations', ADA));
  await page.locator('img.picture').waitFor();
  await page.locator('#composer-text').fill('The new one is on its way. You will have it on Monday.');
  await take(page, 'open-thread');
  await hidePhone(page);
  await take(page, 'phone');
  await hidePhone(page);
  await seedMonth(service);
  await go(hashOf('usage'));
  await page.locator('.column').first().waitFor();
  await take(page, 'usage');
  await fetch(`${service.url}/v1/channels/support/customers/${ADA}/consent`, {
    method: 'PUT',
    body: JSON.stringify({ state: 'opted_in', source: 'website', actor: 'shop' }),
  });
  await go(hashOf('conversations', ADA));
  await page.locator('#composer-text').waitFor();
  await setClock(service, new Date(Date.parse(NOW) + 86_400_000).toISOString());
  for (const { minutes: _, ...customer } of CUSTOMERS.slice(3)) await write(service, customer);
  await page.getByRole('button', { name: /order update/ }).click();
  await page.getByLabel('Value 1').fill('Ada');
  await take(page, 'closed-picker');
};

const run = async (): Promise<void> => {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(NO_CHROMIUM);
  mkdirSync(OUT, { recursive: true });
  const service = await startLocalService({ log: createLocalLog('error') });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage(SIZE);
    page.setDefaultTimeout(STEP_MS);
    await page.setContent(`<body style="margin:0">${PARCEL}</body>`);
    const parcel = (await page.locator('svg').screenshot()).toString('base64');
    await seed(service, parcel);
    await takeAll(service, page);
  } finally {
    await browser.close();
    await service.stop();
  }
};

await run();
process.exit(0);
