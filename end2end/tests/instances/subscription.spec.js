// What a subscription will cost is said before it is made; two tabs make one.
import { confirm, expect, notice, test } from '../../support/test.js';

const COST = /Esta ação gera cobrança de R\$\s99,90 referente a \S+ de \d{4}, com vencimento em \d\d\/\d\d\/\d{4}\./;

const plan = (page) => page.locator('.card', { has: page.getByRole('heading', { name: 'Plano PRO' }) });

test('"Assinar" tells cost and due date before it does anything', async ({ person, place }) => {
  const owner = place.account();
  const instance = place.instance(owner, 'Vitrine');
  const page = await person(owner);
  await page.goto(instance.page);
  await expect(page.getByText(/Teste: restam/).first()).toBeVisible();
  await page.getByRole('button', { name: 'Assinar', exact: true }).click();
  const question = page.getByRole('dialog', { name: 'Assinar Vitrine' });
  await expect(question).toContainText(COST);
  await expect(question).toContainText(/Nos meses seguintes: R\$\s99,90 por mês/);
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  expect((await place.call(instance, 'me')).paymentStatus).toBe('TRIAL');

  await confirm(page, 'Assinar', 'Assinar agora');
  await expect(notice(page)).toHaveText('Assinatura ativa. Obrigado!');
  await expect(plan(page)).toContainText('Assinada');
  await expect(page.getByText(/Teste: restam/)).toHaveCount(0);
  await page.goto('/faturas');
  await expect(page.getByText('1 instância cobrada')).toBeVisible();
});

test('two tabs subscribing at once subscribe once', async ({ person, place }) => {
  const owner = place.account();
  const instance = place.instance(owner);
  const first = await person(owner);
  const second = await first.context().newPage();
  const tabs = [first, second];
  for (const tab of tabs) {
    await tab.goto(instance.page);
    await tab.getByRole('button', { name: 'Assinar', exact: true }).click();
  }
  await Promise.all(tabs.map((tab) => tab.getByRole('button', { name: 'Assinar agora' }).click()));
  for (const tab of tabs) {
    await expect(plan(tab)).toContainText('Assinada');
    await expect(tab.getByText(/Algo deu errado|Pedido incompreensível/)).toHaveCount(0);
  }
  const support = await person(place.demo.support);
  await support.goto(`/suporte/contas/${owner.id}`);
  await expect(support.getByText('assinada no plano PRO')).toHaveCount(1);
});

test('cancelling says what is still charged and until when the instance works', async ({ person, place }) => {
  const owner = place.account();
  const instance = place.instance(owner);
  const page = await person(owner);
  await page.goto(instance.page);
  await confirm(page, 'Assinar', 'Assinar agora');
  await expect(notice(page)).toContainText('Assinatura ativa');
  await page.getByText('Ações').click();
  await page.getByRole('button', { name: 'Cancelar assinatura' }).first().click();
  const question = page.getByRole('dialog');
  await expect(question).toContainText(COST);
  await expect(question).toContainText('Depois dessa cobrança não haverá outras.');
  await expect(question).toContainText('utilizável por mais 30 dias');
  await question.getByRole('button', { name: 'Cancelar assinatura' }).click();
  await expect(notice(page)).toContainText('Assinatura cancelada');
  await expect(plan(page)).toContainText('Em cancelamento');
  await expect(page.getByText(/Utilizável até \d\d\/\d\d\/\d{4}/).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Cancelar assinatura' })).toHaveCount(0);
});
