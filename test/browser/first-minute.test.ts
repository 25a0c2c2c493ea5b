import { expect, it } from 'vitest';
import { aBrowser, violationsOf } from '../support/browser.ts';

const { open, clock } = aBrowser();

it('lets a customer write, an agent answer, and the window close, in the page alone', async () => {
  const { page, faults } = await open();

  await page.getByLabel('A customer’s phone').getByLabel('Message').fill('Where is my order?');
  await page.getByRole('button', { name: 'Write as the customer' }).click();
  await page.getByRole('link', { name: /\+1 555 123 4567/ }).click();
  await page.locator('.bubble', { hasText: 'Where is my order?' }).waitFor();
  await page.getByRole('textbox', { name: 'Message' }).first().fill('On its way.');
  await page.keyboard.press('Enter');
  await page.locator('.bubble', { hasText: 'On its way.' }).waitFor();
  await page.locator('.phone-bubble.business', { hasText: 'On its way.' }).waitFor();
  await clock({ advanceSeconds: 86_400 });
  await page.getByText('Closed', { exact: true }).waitFor();

  expect(faults).toEqual([]);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violationsOf(page), colorScheme).toEqual([]);
  }
});
