// Good practice: every guard of a number, a message model to a test number, and a contact that leaves and comes back.
import { expect, notice, test } from '../../support/test.js';
import { newNumber } from '../../support/place.js';

const card = (page, title) => page.locator('section.card', { has: page.getByRole('heading', { name: title, exact: true }) });

for (const javaScriptEnabled of [true, false]) {
  test(`guards are set, a contact leaves with proof and comes back, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async ({ person, place }) => {
    const owner = place.account();
    const instance = place.instance(owner, 'Balcão');
    const page = await person(owner, { javaScriptEnabled });

    // Before the code: when was the number registered?
    await page.goto(instance.page);
    await page.getByRole('link', { name: 'Informar' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Boas práticas' })).toBeVisible();
    await card(page, '24 horas antes do QR Code').getByRole('button', { name: 'Há mais de 24 horas' }).click();
    await expect(card(page, '24 horas antes do QR Code')).toContainText('Pode conectar');
    const phone = place.link(instance);

    // Warm-up: one new contact today.
    await page.goto(`${instance.page}/boas-praticas`);
    const warmUp = card(page, 'Aquecimento do número');
    await expect(warmUp).toContainText('0 de 20 contatos novos hoje');
    await warmUp.getByLabel('Rigor').selectOption('Bloquear');
    await warmUp.getByLabel('Plano').fill('1, 5');
    await warmUp.getByRole('button', { name: 'Salvar' }).click();
    await expect(notice(page)).toHaveText('Alterações salvas.');

    const hand = card(page, 'Use o número à mão antes');
    await hand.getByLabel('Conversas iniciadas à mão').check();
    await hand.getByRole('button', { name: 'Salvar' }).click();
    await expect(hand).toContainText('1 de 5');
    await expect(hand).toContainText('marcado por você');

    // A model to a test number; the next new contact waits until tomorrow.
    const contact = newNumber();
    const model = page.locator('article', { has: page.getByRole('heading', { name: 'Boas-vindas' }) });
    const sendTo = async (number) => {
      await model.getByText('Enviar teste').click();
      await model.getByLabel('Número de teste').fill(number);
      await model.getByRole('button', { name: 'Enviar', exact: true }).click();
    };
    await sendTo(contact);
    await expect(notice(page)).toHaveText('Mensagem de teste na fila.');
    await sendTo(newNumber());
    await expect(page.getByText('O limite de contatos novos de hoje foi atingido')).toBeVisible();
    await expect(page.getByRole('link', { name: 'Baixar cartão de contato' })).toBeVisible();

    // The contact answers SAIR on its own telephone.
    const simulator = await page.context().newPage();
    const chat = `/simulador/telefones/${contact}?conversa=${phone}`;
    await expect(async () => {
      await simulator.goto(chat);
      await expect(simulator.getByRole('log').getByText('Salve nosso contato')).toBeVisible({ timeout: 1000 });
    }).toPass();
    await simulator.getByLabel('Mensagem').fill('sair');
    await simulator.getByRole('button', { name: 'Enviar' }).click();
    await expect(async () => {
      await simulator.goto(chat);
      await expect(simulator.getByRole('log').getByText('você não receberá mais mensagens nossas')).toBeVisible({ timeout: 1000 });
    }).toPass();

    const refused = await fetch(`${instance.rest}/send-text`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ phone: contact, message: 'Promoção!' }),
    });
    expect([refused.status, await refused.json()]).toEqual([400, { error: 'The contact opted out of messages (opt-out list)' }]);

    await page.goto('/descadastro');
    const entry = page.locator('li.entry').first();
    await expect(entry).toContainText('Escreveu SAIR');
    await expect(entry).toContainText('Prova: mensagem');
    await entry.getByText('Tirar da lista').click();
    await entry.getByLabel('Motivo').fill('Pediu de volta por telefone');
    await entry.getByRole('button', { name: 'Tirar', exact: true }).click();
    await expect(page.getByText('Ninguém pediu para sair')).toBeVisible();
    await place.send(instance, contact, 'Bom ter você de volta!');
  });
}
