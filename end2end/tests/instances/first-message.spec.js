// The main job: a new instance, a telephone that scans its code, a message there and an answer back.
import { expect, notice, test } from '../../support/test.js';
import { newNumber } from '../../support/place.js';

const connection = (page) => page.getByRole('region', { name: 'Conexão' });

test('create, scan, send, read, answer, without reloading the page', async ({ person, place }) => {
  const owner = place.account();
  const page = await person(owner);
  await page.getByRole('link', { name: 'Adicionar' }).click();
  await page.getByLabel('Nome da instância').fill('Balcão');
  await page.getByRole('button', { name: 'Criar instância' }).click();
  await expect(notice(page)).toContainText('teste de 2 dias');
  await expect(page.getByRole('heading', { name: 'Balcão' })).toBeVisible();
  await expect(page.getByText(/Teste: restam (2 dias|1 dia e 23 h)/).first()).toBeVisible();

  await connection(page).getByRole('button', { name: 'Conectar' }).click();
  const code = connection(page).getByRole('img', { name: 'QR Code para conectar o WhatsApp' });
  await expect(code).toBeVisible();
  await page.evaluate(() => { window.notReloaded = true; });

  // The telephone is another page of the same person.
  const number = newNumber();
  const simulator = await page.context().newPage();
  await simulator.goto('/simulador');
  await expect(simulator.getByText('Nenhuma mensagem chega a um WhatsApp real')).toBeVisible();
  await simulator.getByLabel('Telefone que lê').fill(number);
  await simulator.getByLabel('Instância').selectOption('Balcão');
  await simulator.getByRole('button', { name: 'Ler QR Code' }).click();
  await expect(notice(simulator)).toContainText('QR Code lido');

  await expect(connection(page).getByRole('heading', { name: 'Conectada' })).toBeVisible();
  await expect(code).toBeHidden();
  expect(await page.evaluate(() => window.notReloaded)).toBe(true);
  await page.getByText('Ações').click();
  await expect(page.getByRole('button', { name: 'Desconectar' })).toBeVisible();

  const [id, token] = await page.locator('.copyable code.value').allTextContents();
  const instance = { id, token, rest: `${place.url}/instances/${id}/token/${token}` };
  const friend = newNumber();
  const texts = ['Bom dia!', 'Pão quentinho às 7h 🍞', '<b>Até logo</b>'];
  for (const text of texts) await place.send(instance, friend, text);

  const ofFriend = simulator.getByRole('log');
  await expect(async () => {
    await simulator.goto(`/simulador/telefones/${friend}`);
    await expect(ofFriend.locator('.bubble')).toHaveCount(3, { timeout: 700 });
  }).toPass();
  expect((await ofFriend.locator('.bubble').allTextContents()).map((text, at) => text.startsWith(texts[at]))).toEqual([true, true, true]);
  await expect(ofFriend.locator('.bubble').first()).toContainText('não lida');

  await simulator.getByRole('button', { name: 'Marcar como lida' }).click();
  await expect(ofFriend.locator('.bubble').last()).toContainText(/· lida/);
  await simulator.getByLabel('Mensagem').fill('Guarda um pra mim');
  await simulator.getByRole('button', { name: 'Enviar' }).click();
  await expect(ofFriend.locator('.bubble.mine')).toContainText('Guarda um pra mim');

  // It arrives on the telephone that is linked, while that page is being looked at.
  await simulator.goto(`/simulador/telefones/${number}?conversa=${friend}`);
  await expect(simulator.getByRole('log').locator('.bubble').last()).toContainText('Guarda um pra mim');
  await expect(simulator.getByRole('log').locator('.bubble.mine').first()).toContainText(/lida/);
});

test('a name of 300 characters, or with control characters, is refused kindly', async ({ person, place }) => {
  const page = await person(place.account());
  await page.goto('/instancias/nova');
  const name = page.getByLabel('Nome da instância');
  const send = async (text) => {
    await name.evaluate((field) => field.removeAttribute('maxlength'));
    await name.fill(text);
    await page.getByRole('button', { name: 'Criar instância' }).click();
  };
  await send('é'.repeat(300));
  await expect(name).toHaveAccessibleDescription(/no máximo 100 caracteres/);
  await expect(name).toHaveValue('é'.repeat(300));
  await send('Balcão\u0007');
  await expect(name).toHaveAccessibleDescription(/caracteres invisíveis ou de controle/);
  await page.goto('/instancias');
  await expect(page.getByRole('heading', { name: 'Sua primeira instância' })).toBeVisible();
});

test('rename, restart, disconnect and replace the token from the menu', async ({ person, place }) => {
  const owner = place.account();
  const instance = place.instance(owner);
  place.link(instance);
  const page = await person(owner);
  await page.goto(instance.page);
  const menu = page.getByText('Ações');

  await menu.click();
  await page.getByRole('link', { name: 'Editar' }).last().click();
  await page.getByLabel('Nome da instância').fill('Matriz');
  await page.locator('form', { hasText: 'Nome da instância' }).getByRole('button', { name: 'Salvar' }).click();
  await expect(notice(page)).toHaveText('Alterações salvas.');
  await page.goto(instance.page);
  await expect(page.getByRole('heading', { level: 1, name: 'Matriz' })).toBeVisible();

  await menu.click();
  await page.getByRole('button', { name: 'Reiniciar' }).click();
  await expect(notice(page)).toContainText('Reinício pedido');
  await expect(connection(page).getByRole('heading', { name: 'Conectada' })).toBeVisible();

  await menu.click();
  await page.getByRole('button', { name: 'Trocar token' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Trocar token' }).click();
  await expect(notice(page)).toContainText('Novo token criado');
  const stale = await fetch(`${instance.rest}/status`);
  expect(stale.ok).toBe(false);

  await menu.click();
  await page.getByRole('button', { name: 'Desconectar' }).click();
  await expect(page.getByRole('dialog')).toContainText('será preciso ler um novo QR Code');
  await page.getByRole('dialog').getByRole('button', { name: 'Desconectar' }).click();
  await expect(notice(page)).toHaveText('Instância desconectada.');
  await expect(connection(page).getByRole('heading', { name: 'Desconectada' })).toBeVisible();
  await expect(connection(page)).toContainText('Desconectada por aqui ou pela API.');
});

test('a telephone page that was opened before its first message can read and answer it', async ({ person, place }) => {
  const owner = place.account();
  const instance = place.instance(owner);
  const number = place.link(instance);
  const page = await person(owner);
  await page.goto(`/simulador/telefones/${number}`);
  await expect(page.getByText('Nenhuma mensagem nesta conversa.')).toBeVisible();
  place.recado('sim', 'say', '--instance', instance.id, '--from', newNumber(), '--text', 'Tem pão?');
  await expect(page.getByRole('log').locator('.bubble')).toContainText('Tem pão?');
  await page.getByRole('button', { name: 'Marcar como lida' }).click();
  await expect(notice(page)).toHaveText('Conversa marcada como lida.');
  await expect(page.getByRole('log').locator('.bubble')).toContainText(/· lida/);
  await page.getByLabel('Mensagem').fill('Tem, quentinho');
  await page.getByRole('button', { name: 'Enviar' }).click();
  await expect(page.getByRole('log').locator('.bubble.mine')).toContainText('Tem, quentinho');
});
