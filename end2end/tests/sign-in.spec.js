import { expect, test } from '@playwright/test';

test('the sign-in page loads no wasm and says nothing to the console', async ({ page }) => {
  const loaded = [];
  const said = [];
  page.on('response', (response) => loaded.push(new URL(response.url()).pathname));
  page.on('console', (message) => said.push(message.text()));
  await page.goto('/entrar');
  await expect(page.locator('form')).not.toHaveCount(0);
  expect(loaded.filter((path) => path.endsWith('.wasm') || path.endsWith('.js'))).toEqual([]);
  expect(said).toEqual([]);
});

test('assets carry their hash in their name and may be kept for a year', async ({ page, request }) => {
  await page.goto('/entrar');
  const style = await page.locator('link[rel=stylesheet]').first().getAttribute('href');
  expect(style).toMatch(/^\/assets\/main\.[0-9a-f]{16}\.css$/);
  const answer = await request.get(style);
  expect(answer.headers()['cache-control']).toBe('public, max-age=31536000, immutable');
});
