// The documentation of the API: read by anybody, in any browser, without scripts and without another host.

import { expect, test } from '../support/test.js';

test('from the sign-in page to a route that works as shown', async ({ person, place }) => {
  const page = await person(undefined, { javaScriptEnabled: false });
  const hosts = new Set();
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  await page.goto('/entrar');
  await page.getByRole('link', { name: 'Documentação da API' }).click();
  await page.getByLabel('Buscar rotas e campos').fill('send-text');
  await page.getByRole('button', { name: 'Buscar' }).click();
  await page.getByRole('link', { name: 'post /send-text' }).first().click();
  const route = page.locator('#post-send-text');
  await expect(route).toBeInViewport();
  await expect(route.locator('pre').first()).toContainText("curl -X POST '");
  await expect(route.locator('pre').first()).toContainText('/instances/SEU_ID/token/SEU_TOKEN/send-text');
  await page.goto('/documentacao/primeiros-passos');
  await expect(page.getByRole('heading', { name: '4. O primeiro webhook' })).toBeVisible();
  expect([...hosts], 'hosts asked').toEqual([new URL(place.url).host]);
});

test('the examples name my instance and can be copied', async ({ person, place }) => {
  const owner = place.account();
  place.instance(owner, 'Primeira');
  const instance = place.instance(owner, 'Segunda');
  const page = await person(owner, { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.getByRole('link', { name: 'API', exact: true }).click();
  await page.getByRole('link', { name: 'Envio', exact: true }).click();
  await page.getByLabel('Instância dos exemplos').selectOption('Segunda');
  await page.getByRole('button', { name: 'Usar nos exemplos' }).click();
  const route = page.locator('#post-send-text');
  await expect(route.locator('pre').first()).toContainText(`/instances/${instance.id}/token/SEU_TOKEN/`);
  expect(await page.content(), 'tokens stay where they are shown').not.toContain(instance.token);
  await route.getByRole('button', { name: 'Copiar' }).click();
  await expect(route.getByRole('button')).toHaveText('Copiado');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(`/instances/${instance.id}/token/SEU_TOKEN/send-text`);
});

test('programs get the description and the collection', async ({ page, place }) => {
  await page.goto('/documentacao/api');
  for (const [name, mark] of [
    ['OpenAPI', '"openapi":"3.1.0"'],
    ['Postman', 'v2.1.0/collection.json'],
  ]) {
    const href = await page.getByRole('link', { name, exact: true }).getAttribute('href');
    const text = await (await fetch(place.url + href)).text();
    expect(text).toContain(mark);
  }
});
