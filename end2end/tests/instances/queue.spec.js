// What waits while no number is connected, and taking it out.
import { confirm, expect, notice, test } from '../../support/test.js';
import { newNumber } from '../../support/place.js';

test('messages wait while disconnected, are cancelled one by one, and the rest goes out on connecting', async ({ person, place }) => {
  const owner = place.account();
  const instance = place.instance(owner);
  const friend = newNumber();
  const page = await person(owner);
  await page.goto(`${instance.page}/fila`);
  await expect(page.getByRole('heading', { name: 'Fila vazia' })).toBeVisible();

  for (const text of ['Primeira', 'Segunda', 'Terceira']) await place.send(instance, friend, text);
  await expect(page.getByRole('heading', { name: '3 mensagens esperando' })).toBeVisible();

  const entry = (text) => page.getByRole('listitem').filter({ hasText: text });
  await entry('Segunda').getByRole('button', { name: 'Cancelar' }).click();
  await expect(notice(page)).toHaveText('Mensagem retirada da fila.');
  await expect(page.getByRole('heading', { name: '2 mensagens esperando' })).toBeVisible();
  await expect(entry('Segunda')).toHaveCount(0);

  await page.goto(instance.page);
  await expect(page.getByText('2 mensagens na fila serão enviadas ao conectar.')).toBeVisible();
  await page.goto(`${instance.page}/fila`);
  place.link(instance);
  await expect(page.getByRole('heading', { name: 'Fila vazia' })).toBeVisible();
  await page.goto(`/simulador/telefones/${friend}`);
  await expect(page.getByRole('log').locator('.bubble')).toHaveCount(2);
  await expect(page.getByRole('log').locator('.bubble').first()).toContainText('Primeira');
  await expect(page.getByRole('log').locator('.bubble').last()).toContainText('Terceira');
});

test('the whole queue is emptied only after a question', async ({ person, place }) => {
  const owner = place.account();
  const instance = place.instance(owner);
  for (const text of ['Uma', 'Duas']) await place.send(instance, newNumber(), text);
  const page = await person(owner);
  await page.goto(`${instance.page}/fila`);
  await confirm(page, 'Esvaziar fila', 'Voltar');
  await expect(page.getByRole('heading', { name: '2 mensagens esperando' })).toBeVisible();
  await confirm(page, 'Esvaziar fila', 'Esvaziar fila');
  await expect(notice(page)).toHaveText('A fila foi esvaziada.');
  await expect(page.getByRole('heading', { name: 'Fila vazia' })).toBeVisible();
  expect(await place.call(instance, 'queue/count')).toEqual({ count: 0 });
});
