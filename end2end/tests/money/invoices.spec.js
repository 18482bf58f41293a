// A month that is over: finance closes it, the customer gets an invoice, each line leads to its events.
import { expect, notice, test } from '../../support/test.js';

const brazilian = (month) => `${month.slice(5)}/${month.slice(0, 4)}`;

test('finance sees the months, closes one by typing its name, and closing again changes nothing', async ({ person, ownPast }) => {
  const { place, month } = ownPast;
  const page = await person(place.demo.finance, { baseURL: place.url });
  await expect(page).toHaveURL(/\/financeiro$/);
  const row = page.getByRole('row').filter({ has: page.locator(`a[href="/financeiro/${month}"]`) });
  await expect(row).toContainText('A fechar');
  await expect(page.getByRole('row').nth(1)).toContainText('Em curso');
  await row.getByRole('link').click();
  await expect(page.locator('.tile').filter({ hasText: 'Total previsto' })).toContainText(/R\$\s99,90/);

  const close = page.getByRole('button', { name: /^Fechar / });
  await page.getByLabel(/Para confirmar, digite/).fill('1999-01');
  await close.click();
  await expect(page.getByLabel(/Para confirmar, digite/)).toHaveAccessibleDescription('O mês digitado não confere.');
  await expect(page.locator('.marks')).toContainText('A fechar');

  await page.getByLabel(/Para confirmar, digite/).fill(month);
  await close.click();
  await expect(notice(page)).toHaveText('Mês fechado e faturas emitidas.');
  await expect(page.locator('.marks')).toContainText(/Fechado em .* por financeiro@recado\.example\.com/);
  await expect(close).toHaveCount(0);
  const closed = await page.locator('main').innerText();

  // Again by the form's own address, and from the command line.
  const key = await page.locator('input[name=_csrf]').first().inputValue();
  await page.request.post(`/financeiro/${month}`, { form: { _csrf: key, mes: month }, headers: { origin: place.url } });
  const again = place.recado('month', 'close', month);
  expect(again.accounts).toHaveLength(1);
  expect(again.total).toBe('99.90');
  await page.goto(`/financeiro/${month}`);
  expect((await page.locator('main').innerText()).replace(/^Mês fechado e faturas emitidas\.\n*/, '')).toBe(
    closed.replace(/^Mês fechado e faturas emitidas\.\n*/, ''),
  );
});

test('the running month is a preview and cannot be closed', async ({ person, past }) => {
  const page = await person(past.place.demo.finance, { baseURL: past.place.url });
  await page.getByRole('row').nth(1).getByRole('link').click();
  await expect(page.getByText(/Mês em curso: os valores são uma previsão/)).toBeVisible();
  await expect(page.getByRole('button', { name: /^Fechar / })).toHaveCount(0);
  await expect(page.locator('.tile').filter({ hasText: 'Total previsto' })).toContainText(/R\$\s99,90/);
});

test('each line leads to the events behind it', async ({ person, past }) => {
  const { place, month, subscribed } = past;
  place.recado('month', 'close', month);
  const page = await person(place.demo.finance, { baseURL: place.url });
  await page.goto(`/financeiro/${month}`);
  await page.getByRole('link', { name: /^Fatura / }).click();
  await expect(page.getByRole('heading', { level: 1, name: /^Fatura / })).toBeVisible();
  await page.getByRole('link', { name: subscribed.name }).click();
  await expect(page.getByRole('heading', { name: 'Por que esta cobrança?' })).toBeVisible();
  await expect(page.getByText(`Instância “${subscribed.name}” assinada no plano PRO.`)).toBeVisible();
  await expect(page.getByRole('link', { name: 'só este item' })).toHaveCount(0);
  await expect(page.locator('.timeline .where').first()).toContainText(/Padaria Ipê, pelo painel, \d\d\/\d\d\/\d{4} [\d:]{8}, posição \d+/);
});

test('the customer finds the invoice and reads why it costs what it costs', async ({ person, past }) => {
  const { place, account, month, subscribed } = past;
  place.recado('month', 'close', month);
  const page = await person(account, { baseURL: place.url });
  await page.getByRole('link', { name: 'Faturas' }).click();
  await expect(page.getByText('Previsão do mês em curso')).toBeVisible();
  const row = page.getByRole('row').filter({ hasText: /R\$\s99,90/ });
  await expect(row).toContainText('Em aberto');
  await row.getByRole('link').click();
  const line = page.getByRole('row').filter({ hasText: subscribed.name });
  await expect(line).toContainText(brazilian(month));
  await expect(line).toContainText(/PRO R\$\s99,90/);
  await expect(page.getByText('Documento de cobrança sem valor fiscal.')).toBeVisible();

  // Nobody else's.
  const stranger = await person(place.account('Curioso'), { baseURL: place.url });
  expect((await stranger.goto(new URL(page.url()).pathname)).status()).toBe(404);
});

test('a trial that is over stops the instance and asks to subscribe', async ({ person, past }) => {
  const { place, account, expired } = past;
  const page = await person(account, { baseURL: place.url });
  await expect(page.getByRole('link', { name: new RegExp(expired.name) })).toContainText('Teste encerrado');
  await page.goto(expired.page);
  await expect(page.getByRole('heading', { name: 'Instância parada' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Assinar', exact: true })).toBeVisible();
  const answer = await fetch(`${expired.rest}/send-text`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ phone: '5511988887777', message: 'Oi' }),
  });
  expect(answer.ok).toBe(false);
});
