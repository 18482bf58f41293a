// Somebody else's instance, telephone or invoice does not exist, whatever is asked of it.
import { readFileSync } from 'node:fs';

import { expect, notice, test } from '../../support/test.js';
import { newNumber } from '../../support/place.js';

// Every route of an instance, from where the panel declares them: a new one is tried from its first day.
const source = readFileSync(new URL('../../../app/src/pages/instances/mod.rs', import.meta.url), 'utf8');
const routes = [...source.matchAll(/\.route\("(\/instancias\/\{id\}[^"]*)", ([^\n]*)\)\n/g)].flatMap(([, path, methods]) =>
  ['get', 'post'].filter((method) => new RegExp(`\\b${method}\\(`).test(methods)).map((method) => ({ method, path })),
);

async function knock(page, place, method, path, form = {}) {
  const key = await page.locator('input[name=_csrf]').first().inputValue();
  if (method === 'get') return (await page.request.get(path, { maxRedirects: 0 })).status();
  const sent = { form: { _csrf: key, ...form }, headers: { origin: place.url }, maxRedirects: 0 };
  return (await page.request.post(path, sent)).status();
}

test('every panel route of an instance answers 404 to another account, and nothing changes', async ({ person, place }) => {
  expect(routes.length).toBeGreaterThan(17);
  const victim = place.account('Vítima');
  const instance = place.instance(victim, 'Cofre');
  const friend = newNumber();
  const message = await place.send(instance, friend, 'Segredo');
  const before = { me: await place.call(instance, 'me'), queue: await place.call(instance, 'queue/count') };

  const intruder = place.account('Intruso');
  place.instance(intruder, 'Minha');
  const page = await person(intruder);
  const form = { nome: 'Tomada', mensagem: message.zaapId, ao_receber: 'http://127.0.0.1:9/' };
  for (const { method, path } of routes) {
    const address = path.replace('{id}', instance.id);
    expect(await knock(page, place, method, address, form), `${method} ${address}`).toBe(404);
    expect(await knock(page, place, method, path.replace('{id}', '00'.repeat(16)), form), `${method} ${path}, unknown`).toBe(404);
  }
  const shown = await page.goto(instance.page);
  expect(shown.status()).toBe(404);
  await expect(page.getByText('não existe ou não pertence à sua conta')).toBeVisible();
  expect({ me: await place.call(instance, 'me'), queue: await place.call(instance, 'queue/count') }).toEqual(before);

  const desk = await person(place.demo.support);
  await desk.goto(`/suporte/contas/${victim.id}`);
  await expect(desk.locator('.timeline')).not.toContainText('Intruso');
});

test("another account's message cannot be cancelled through an instance of one's own", async ({ person, place }) => {
  const victim = place.instance(place.account('Vítima'));
  const message = await place.send(victim, newNumber(), 'Fica');
  const intruder = place.account('Intruso');
  const own = place.instance(intruder);
  const page = await person(intruder);
  await page.goto(`${own.page}/fila`);
  await knock(page, place, 'post', `${own.page}/fila/cancelar`, { mensagem: message.zaapId });
  await page.reload();
  await expect(notice(page)).toHaveText('A mensagem já saiu da fila.');
  expect(await place.call(victim, 'queue/count')).toEqual({ count: 1 });
});

test("another account's telephone is not shown and does nothing", async ({ person, place }) => {
  const victim = place.instance(place.account('Vítima'));
  const phone = place.link(victim);
  const page = await person(place.account('Intruso'));
  await page.goto('/simulador');
  await expect(page.locator(`a[href="/simulador/telefones/${phone}"]`)).toHaveCount(0);
  const gestures = ['ler', 'enviar', 'desvincular', 'ligar', 'exemplo', 'lugar', 'contato', 'enquete', 'apertar', 'escolher', 'votar', 'reagir'];
  gestures.push('editar', 'apagar', 'encaminhar', 'ouvir');
  for (const [method, path] of [['get', ''], ['get', '/ao-vivo'], ...gestures.map((name) => ['post', `/${name}`])]) {
    const form = { conversa: newNumber(), para: newNumber(), texto: 'Oi' };
    expect(await knock(page, place, method, `/simulador/telefones/${phone}${path}`, form), `${method} ${path}`).toBe(404);
  }
  expect((await place.call(victim, 'status')).connected).toBe(true);
});

test('a form from another site, or without its key, does nothing', async ({ person, place }) => {
  const owner = place.account();
  const instance = place.instance(owner, 'Firme');
  const page = await person(owner);
  await page.goto(`${instance.page}/editar`);
  const key = await page.locator('input[name=_csrf]').first().inputValue();
  const rename = (form, origin) => page.request.post(`${instance.page}/editar`, { form: { nome: 'Outra', ...form }, headers: { origin } });
  expect((await rename({}, place.url)).status()).toBe(403);
  expect((await rename({ _csrf: 'inventada' }, place.url)).status()).toBe(403);
  expect((await rename({ _csrf: key }, 'https://outro.exemplo')).status()).toBe(403);
  expect((await place.call(instance, 'me')).name).toBe('Firme');
});
