import { expect, test } from '@playwright/test';
import { demo, signIn } from '../support/people.js';

test('islands wake up on the instance page, under its content security policy', async ({ page, context }) => {
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signIn(page, demo().account);
  const instance = demo().instances[0];
  await page.goto(`/instancias/${instance.id}`);
  const copy = page.locator('leptos-island button.copy').first();
  const before = await copy.innerText();
  // The button only changes its words once the client runs.
  await expect(async () => {
    await copy.click();
    await expect(copy).not.toHaveText(before, { timeout: 500 });
  }).toPass();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect([instance.id, instance.token]).toContain(copied);
  expect(errors).toEqual([]);
});
