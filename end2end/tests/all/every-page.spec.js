// Every page at 1280 and 390 pixels, light and dark: nothing sticks out, nothing serious for assistive technology, nothing
// in the console. The pictures go to `out/pages/`, to be looked at.
import AxeBuilder from '@axe-core/playwright';

import { expect, test } from '../../support/test.js';
import { newNumber } from '../../support/place.js';
import { startReceiver } from '../../support/receiver.js';

test.describe.configure({ mode: 'parallel' });

const WIDTHS = { wide: 1280, phone: 390 };

/** Elements that reach beyond the right edge of the page, where something does. */
const sticksOut = () => {
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= edge) return [];
  const beyond = [...document.body.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > edge + 1);
  return beyond.slice(0, 5).map((element) => `${element.tagName}.${element.className}`);
};

/** Goes to `path` (or stays), prepares it, and looks at it in all four ways. */
async function look(page, name, path, prepare = async () => {}) {
  await page.setViewportSize({ width: WIDTHS.wide, height: 900 });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  if (path) await page.goto(path);
  await prepare(page);
  await expect(page.locator('main h1, main h2').first()).toBeVisible();
  for (const [width, pixels] of Object.entries(WIDTHS)) {
    await page.setViewportSize({ width: pixels, height: 900 });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      expect.soft(await page.evaluate(sticksOut), `${name} sticks out at ${pixels}`).toEqual([]);
      await page.screenshot({ path: `out/pages/${name}-${width}-${colorScheme}.png`, fullPage: true });
      // One width in light, the other in dark: contrast and layout are each judged once.
      if ((width === 'wide') === (colorScheme === 'light')) await judge(page, `${name} ${width} ${colorScheme}`);
    }
  }
}

// "Legacy" leaves out frames, of which we have none, and with them a second page per look.
async function judge(page, name) {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
  const told = serious.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ''}`));
  expect.soft(told, `${name}: what assistive technology would stumble over`).toEqual([]);
}

const openPopover = (opener) => async (page) => {
  await page.getByRole('button', { name: opener, exact: true }).first().click();
  await expect(page.getByRole('dialog')).toBeVisible();
};

test('before sign-in', async ({ page }) => {
  await look(page, 'sign-in', '/entrar');
  await look(page, 'sign-in-refused', '/entrar', async () => {
    await page.getByLabel('E-mail').fill('alguem@exemplo.com.br');
    await page.getByLabel('Senha').fill('não é esta');
    await page.getByRole('button', { name: 'Entrar' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
  });
  await look(page, 'sign-up', '/cadastro');
  await look(page, 'sign-up-refused', '/cadastro', async () => {
    await page.getByLabel('Nome').fill('Loja');
    await page.getByLabel('E-mail').fill(`loja-${newNumber()}@exemplo.com.br`);
    await page.getByLabel('Senha').fill('uma senha comprida');
    await page.getByLabel('CPF ou CNPJ').fill('123');
    await page.getByRole('button', { name: 'Criar conta' }).click();
  });
  await look(page, 'sign-up-done', null, async () => {
    await page.getByLabel('CPF ou CNPJ').fill('');
    await page.getByLabel('Senha').fill('uma senha comprida');
    await page.getByRole('button', { name: 'Criar conta' }).click();
    await expect(page.getByRole('heading', { name: 'Confirme seu e-mail' })).toBeVisible();
  });
  await look(page, 'verify', '/verificar?token=abc');
  await look(page, 'forgotten', '/esqueci-senha');
  await look(page, 'reset', '/redefinir-senha?token=abc');
  await look(page, 'not-found', '/nao-existe');
  await look(page, 'api', '/documentacao/api');
  await look(page, 'api-search', '/documentacao/api?busca=fila');
  await look(page, 'api-section', '/documentacao/api/envio');
  await look(page, 'api-webhooks', '/documentacao/api/webhooks', () => page.locator('details').first().click());
  await look(page, 'quick-start', '/documentacao/primeiros-passos');
  await expect(async () => {
    await page.goto('/dev/mail');
    await expect(page.locator('main li a').first()).toBeVisible({ timeout: 500 });
  }).toPass();
  await look(page, 'mails', null);
  await look(page, 'mail', null, () => page.locator('main li a').first().click());
});

test('an instance, from nothing to connected', async ({ person, place }) => {
  const owner = place.account('Empório Vila Madalena');
  const page = await person(owner);
  await look(page, 'instances-none', '/instancias');
  await look(page, 'instance-new', '/instancias/nova');
  const instance = place.instance(owner, 'Atendimento');
  place.instance(owner, 'Televendas com um nome bem comprido para ver como o cartão se comporta quando falta lugar');
  for (const text of ['Bom dia!', 'Seu pedido nº 1.234 saiu para entrega. '.repeat(6)]) await place.send(instance, newNumber(), text);
  await look(page, 'instance-disconnected', instance.page);
  await look(page, 'instance-menu', null, () => page.getByText('Ações').click());
  await look(page, 'instance-pairing', instance.page, async () => {
    await page.getByRole('button', { name: 'Conectar' }).click();
    await expect(page.getByRole('img', { name: /QR Code/ })).toBeVisible();
  });
  await look(page, 'queue', `${instance.page}/fila`);
  await look(page, 'queue-clear', `${instance.page}/fila`, openPopover('Esvaziar fila'));
  await look(page, 'deliveries-none', `${instance.page}/entregas`);
  await look(page, 'edit', `${instance.page}/editar`);
  await look(page, 'subscribe', instance.page, openPopover('Assinar'));
  await look(page, 'invoices-none', '/faturas');

  const receiver = await startReceiver([500]);
  await look(page, 'webhooks', `${instance.page}/editar/webhooks`, async () => {
    await page.getByLabel('Ao conectar', { exact: true }).fill(receiver.url);
    await page.getByLabel('Ao enviar', { exact: true }).fill(receiver.url);
    await page.getByRole('button', { name: 'Salvar' }).click();
  });
  const phone = place.link(instance);
  await look(page, 'instance-connected', instance.page);
  await look(page, 'instances', '/instancias');
  await expect.poll(() => receiver.received.length).toBeGreaterThan(2);
  await look(page, 'deliveries', `${instance.page}/entregas`, () => page.locator('details', { hasText: 'tentativa' }).first().click());
  await look(page, 'queue-empty', `${instance.page}/fila`);
  await receiver.stop();
  await look(page, 'practices', `${instance.page}/boas-praticas`, async () => {
    await page.getByLabel('Foto de perfil').check();
    await page.locator('#perfil').getByRole('button', { name: 'Salvar' }).click();
    await expect(page.locator('#perfil')).toContainText('marcado por você');
    await page.getByText('Enviar teste').first().click();
  });
  await look(page, 'opt-outs-none', '/descadastro');
  await look(page, 'opt-outs', '/descadastro', async () => {
    for (const number of [newNumber(), newNumber()]) {
      await page.getByLabel('Número', { exact: true }).fill(number);
      await page.getByRole('button', { name: 'Incluir' }).click();
    }
    await page.getByText('Tirar da lista').first().click();
  });
  const file = `telefone;motivo\n${newNumber()};pediu\nabc;x\n`;
  await look(page, 'opt-outs-imported', '/descadastro', async () => {
    await page.getByLabel('Importar CSV').setInputFiles({ name: 'lista.csv', mimeType: 'text/csv', buffer: Buffer.from(file) });
    await page.getByRole('button', { name: 'Importar', exact: true }).click();
    await expect(page.getByText('Linha 3:')).toBeVisible();
  });
  await look(page, 'opt-out-rules', '/descadastro/regras');
  await look(page, 'simulator', '/simulador');
  await look(page, 'simulator-phone', `/simulador/telefones/${phone}`);
  await look(page, 'account', '/conta', async () => {
    await page.getByLabel('Nome do token').fill('ERP da loja');
    await page.getByRole('button', { name: 'Criar token' }).click();
    await expect(page.getByText('não será mostrado de novo')).toBeVisible();
  });
  await look(page, 'api-signed-in', '/documentacao/api/instancia');
  await look(page, 'forbidden', '/financeiro');
});

test('the virtual telephone, with everything on it', async ({ person, place }) => {
  const owner = place.account('Padaria Ipê');
  const instance = place.instance(owner);
  const number = place.link(instance);
  const friend = newNumber();
  const sim = (what, ...args) => place.recado('sim', what, '--instance', instance.id, '--from', friend, ...args);
  await place.send(instance, friend, 'Bom dia! Seu pedido nº 1.234 saiu para entrega.\nChega até as *10h*.');
  await place.call(instance, 'send-button-list', {
    phone: friend,
    message: 'Posso confirmar a entrega?',
    buttonList: { buttons: [{ id: 'sim', label: 'Sim, pode' }, { id: 'nao', label: 'Agora não' }] },
  });
  const days = ['Segunda-feira', 'Terça-feira', 'Quarta-feira'];
  await place.call(instance, 'send-option-list', {
    phone: friend,
    message: 'Ou escolha outro dia:',
    optionList: {
      title: 'Dias de entrega',
      buttonLabel: 'Ver os dias',
      options: days.map((title) => ({ id: title, title, description: 'Das 8h às 12h' })),
    },
  });
  const page = await person(owner);
  const bubbles = page.getByRole('log').locator('.bubble');
  await expect(async () => {
    await page.goto(`/simulador/telefones/${friend}`);
    await expect(bubbles).toHaveCount(3, { timeout: 700 });
  }).toPass();
  await page.getByRole('button', { name: 'Sim, pode' }).click();
  for (const kind of ['image', 'audio', 'video', 'document', 'sticker', 'location', 'contact']) sim('send', '--kind', kind);
  const poll = sim('send', '--kind', 'poll', '--max-options', '0');
  sim('vote', '--message', poll.messageId, '--option', 'Manhã', '--option', 'Noite');
  const text = sim('send', '--text', 'Obrigada, até ja!');
  sim('edit', '--message', text.messageId, '--text', 'Obrigada, até já!');
  sim('react', '--message', text.messageId, '--emoji', '🙏');
  sim('forward', '--message', text.messageId);
  sim('delete', '--message', sim('send', '--text', 'engano').messageId);
  await look(page, 'telephone', `/simulador/telefones/${friend}`);
  await look(page, 'telephone-top', null, () => page.getByRole('log').evaluate((log) => log.scrollTo(0, -log.scrollHeight)));
  await look(page, 'telephone-media', null, () => page.getByRole('img', { name: 'Nossa vitrine hoje' }).scrollIntoViewIfNeeded());
  await look(page, 'telephone-options', `/simulador/telefones/${friend}`, () => bubbles.nth(-2).locator('.bubble-more > summary').click());
  await look(page, 'telephone-attach', `/simulador/telefones/${friend}`, async () => {
    await page.getByText('Anexar', { exact: true }).click();
    await page.locator('.attach-form > summary').last().click();
  });
  await look(page, 'telephone-reply', `/simulador/telefones/${number}?conversa=${friend}&responder=${poll.messageId}`);
});

test('invoices and what is over', async ({ person, past }) => {
  const { place, account, month, subscribed, expired } = past;
  place.recado('month', 'close', month);
  const page = await person(account, { baseURL: place.url });
  await look(page, 'invoices', '/faturas');
  await look(page, 'invoice', null, () => page.locator('main tbody a').first().click());
  await look(page, 'instance-subscribed', subscribed.page);
  await look(page, 'subscription-cancel', subscribed.page, openPopover('Cancelar assinatura'));
  await look(page, 'instance-expired', expired.page);
});

test('the desks', async ({ person, ownPast }) => {
  const { place, account, month, subscribed } = ownPast;
  const finance = await person(place.demo.finance, { baseURL: place.url });
  await look(finance, 'finance', '/financeiro');
  await look(finance, 'finance-running', null, () => finance.locator('main tbody a').first().click());
  await look(finance, 'finance-to-close', `/financeiro/${month}`);
  place.recado('month', 'close', month);
  await look(finance, 'finance-closed', `/financeiro/${month}`);
  await look(finance, 'finance-invoice', null, () => finance.getByRole('link', { name: /^Fatura / }).click());
  await look(finance, 'finance-line', null, () => finance.getByRole('link', { name: subscribed.name }).click());
  await look(finance, 'staff-account', '/conta');

  const support = await person(place.demo.support, { baseURL: place.url });
  await look(support, 'support', '/suporte');
  await look(support, 'support-found', `/suporte?busca=${encodeURIComponent(account.email)}`);
  await look(support, 'support-account', `/suporte/contas/${account.id}`);
  const first = () => support.locator('.timeline > li').last();
  await look(support, 'support-causes', null, () => first().getByRole('link', { name: /^Por quê/ }).click());
  await look(support, 'support-state', `/suporte/contas/${account.id}`, () => first().getByRole('link', { name: /^Como estava/ }).click());
  await look(support, 'support-none', '/suporte?busca=ninguém');
});
