// Support finds an account by whatever the customer has at hand, and every look leaves a trace.
import { expect, test } from '../../support/test.js';
import { newNumber } from '../../support/place.js';

async function search(page, text) {
  await page.goto('/suporte');
  await page.getByRole('searchbox', { name: 'Buscar conta' }).fill(text);
  await page.getByRole('button', { name: 'Buscar' }).click();
}

test('an account is found by e-mail, name, instance, telephone and message', async ({ person, place }) => {
  const owner = place.account('Floricultura');
  const instance = place.instance(owner, 'Buquês');
  const phone = place.link(instance);
  const friend = newNumber();
  const sent = await place.send(instance, friend, 'Suas flores saíram');
  const page = await person(place.staff('support'));
  await expect(page).toHaveURL(/\/suporte$/);

  for (const text of [owner.email, owner.name]) {
    await search(page, text);
    await expect(page.getByRole('link', { name: owner.name })).toBeVisible();
  }
  await search(page, instance.id);
  await expect(page.getByRole('link', { name: 'Buquês' })).toBeVisible();
  await search(page, phone);
  await expect(page.getByRole('link', { name: 'Buquês' })).toBeVisible();
  for (const text of [friend, sent.messageId, sent.zaapId]) {
    await search(page, text);
    await expect(page.getByRole('link', { name: sent.messageId })).toBeVisible();
    await expect(page.getByRole('listitem').filter({ hasText: sent.messageId })).toContainText(owner.name);
  }
  await search(page, 'ninguém com este nome');
  await expect(page.getByRole('heading', { name: 'Nada encontrado' })).toBeVisible();
});

test('the time line tells in Portuguese what happened, by whom, what changed, and that it was read', async ({ person, place }) => {
  const owner = place.account('Livraria');
  const instance = place.instance(owner, 'Sebo');
  place.link(instance);
  const sent = await place.send(instance, newNumber(), 'O livro chegou');
  const page = await person(owner);
  await page.goto(`${instance.page}/editar`);
  await page.getByLabel('Nome da instância').fill('Sebo do Centro');
  await page.locator('form', { hasText: 'Nome da instância' }).getByRole('button', { name: 'Salvar' }).click();

  const staff = place.staff('support');
  const desk = await person(staff);
  await desk.goto(`/suporte/contas/${owner.id}`);
  await expect(desk.getByText('Esta consulta foi registrada')).toBeVisible();
  const happened = (text) => desk.locator('.timeline > li').filter({ hasText: text });
  await expect(happened(`Conta criada em nome de ${owner.name}.`)).toHaveCount(1);
  await expect(happened('Entrou no painel.')).toContainText(`${owner.name}, pelo painel`);
  await expect(happened(/Instância “Sebo” conectada ao número \+55/)).toContainText(/por|pelo/);
  const renamed = happened('Instância renomeada para “Sebo do Centro”.');
  await expect(renamed).toContainText(/Livraria \w+, pelo painel, \d\d\/\d\d\/\d{4} [\d:]{8}, posição \d+/);
  await expect(renamed.locator('del')).toHaveText('Sebo');
  await expect(renamed.locator('ins')).toHaveText('Sebo do Centro');
  await expect(happened(/Mensagem \(texto\) para \+55.* aceita na fila/)).toContainText('pela API');
  await expect(desk.locator('.timeline')).not.toContainText('O livro chegou');
  await expect(desk.getByText('esta versão não sabe contar')).toHaveCount(0);
  await expect(happened('A equipe consultou a linha do tempo.')).toContainText(staff.email);

  // Every further look is one more entry.
  await desk.reload();
  await expect(happened('A equipe consultou a linha do tempo.')).toHaveCount(2);

  // Only the message, from acceptance to delivery.
  await expect(async () => {
    await search(desk, sent.messageId);
    await desk.getByRole('link', { name: sent.messageId }).click();
    await expect(desk.locator('.timeline .what').first()).toContainText(/Mensagem entregue a \+55/, { timeout: 500 });
  }).toPass();
  const story = await desk.locator('.timeline .what').allTextContents();
  expect(story.at(-1)).toMatch(/aceita na fila/);
});

test('customers see no desk, finance no time line, support no months', async ({ person, place }) => {
  const owner = place.account();
  const [customer, finance, support] = [await person(owner), await person(place.staff('finance')), await person(place.staff('support'))];
  const status = async (page, path) => (await page.goto(path)).status();
  for (const path of ['/suporte', `/suporte/contas/${owner.id}`, '/financeiro', '/financeiro/2026-10']) {
    expect([403, 404]).toContain(await status(customer, path));
    await expect(customer.getByRole('link', { name: 'Ir para o início' })).toBeVisible();
  }
  for (const path of ['/suporte', `/suporte/contas/${owner.id}`]) expect([403, 404]).toContain(await status(finance, path));
  expect([403, 404]).toContain(await status(support, '/financeiro'));
  for (const page of [finance, support]) {
    for (const path of ['/instancias', '/faturas', '/simulador']) expect([403, 404]).toContain(await status(page, path));
  }
  const visitor = await person();
  await visitor.goto(`/suporte/contas/${owner.id}`);
  await expect(visitor).toHaveURL(/\/entrar\?voltar=/);
});
