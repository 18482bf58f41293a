// The panel without JavaScript: slower to look at, but everything can be done.
import { confirm, expect, fillSignIn, notice, test } from '../../support/test.js';

test('sign in, create, connect, rename and subscribe', async ({ person, place }) => {
  const owner = place.account();
  const page = await person(undefined, { javaScriptEnabled: false });
  await page.goto('/entrar');
  await fillSignIn(page, owner);
  await page.getByRole('link', { name: 'Adicionar' }).click();
  await page.getByLabel('Nome da instância').fill('Quiosque');
  await page.getByRole('button', { name: 'Criar instância' }).click();
  await expect(notice(page)).toContainText('Instância criada');

  await page.getByRole('button', { name: 'Conectar' }).click();
  // Without scripts the page does not follow: whoever was faster than the code looks again.
  await expect(async () => {
    if (!(await page.getByRole('img', { name: 'QR Code para conectar o WhatsApp' }).isVisible())) await page.reload();
    await expect(page.getByRole('img', { name: 'QR Code para conectar o WhatsApp' })).toBeVisible({ timeout: 1000 });
  }).toPass();
  const id = new URL(page.url()).pathname.split('/').at(-1);
  place.link({ id });
  await page.getByRole('link', { name: 'Atualizar a página' }).click();
  await expect(page.getByRole('heading', { name: 'Conectada' })).toBeVisible();

  await page.getByRole('link', { name: 'Editar' }).click();
  await page.getByLabel('Nome da instância').fill('Quiosque da Praia');
  await page.locator('form', { hasText: 'Nome da instância' }).getByRole('button', { name: 'Salvar' }).click();
  await page.getByRole('link', { name: 'Quiosque da Praia' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Quiosque da Praia' })).toBeVisible();

  await confirm(page, 'Assinar', 'Assinar agora');
  await expect(notice(page)).toHaveText('Assinatura ativa. Obrigado!');
  await expect(page.locator('.card', { has: page.getByRole('heading', { name: 'Plano PRO' }) })).toContainText('Assinada');
});

test('language and theme are kept, before and after sign-in', async ({ person, place }) => {
  const owner = place.account();
  const page = await person(undefined, { javaScriptEnabled: false });
  await page.goto('/entrar');
  await page.getByRole('button', { name: 'Escuro' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: 'EN', exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page.getByLabel('E-mail').fill(owner.email);
  await page.getByLabel('Password').fill(owner.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('link', { name: 'Instances' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});
