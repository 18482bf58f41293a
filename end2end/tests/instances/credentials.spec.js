// ID and token: hidden until asked for, copied with a click.
import { expect, test } from '../../support/test.js';

test('the token is hidden, shown and copied; the page stays within its content policy', async ({ person, place }) => {
  const owner = place.account();
  const instance = place.instance(owner);
  const page = await person(owner, { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.goto(instance.page);
  const token = page.getByText(instance.token, { exact: true });
  await expect(page.getByText(instance.id, { exact: true })).toBeVisible();
  await expect(token).toBeHidden();
  const entry = page.locator('.copyable', { has: page.locator('dt', { hasText: /^Token$/ }) });
  await entry.getByText('Mostrar').click();
  await expect(token).toBeVisible();
  await entry.getByText('Ocultar').click();
  await expect(token).toBeHidden();

  // The button only changes its words once the client runs.
  const copy = entry.getByRole('button', { name: 'Copiar Token' });
  await expect(async () => {
    await copy.click();
    await expect(entry).toContainText('Copiado', { timeout: 500 });
  }).toPass();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(instance.token);
});
