// From a stranger to somebody who is signed in, and the ways that are closed.
import { expect, fillSignIn, notice, test } from '../../support/test.js';

const unique = () => Math.random().toString(36).slice(2, 10);

async function fillSignUp(page, { name, email, password, document = '' }) {
  await page.goto('/cadastro');
  await page.getByLabel('Nome').fill(name);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Senha').fill(password);
  await page.getByLabel('CPF ou CNPJ').fill(document);
  await page.getByRole('button', { name: 'Criar conta' }).click();
}

/** Opens the newest mail to an address; mails go out by themselves, a moment later. */
async function openMail(page, to, subject) {
  const mail = page.getByRole('listitem').filter({ hasText: to }).getByRole('link', { name: subject });
  await expect(async () => {
    await page.goto('/dev/mail');
    await expect(mail.first()).toBeVisible({ timeout: 500 });
  }).toPass();
  await mail.first().click();
}

test('sign up, prove the address, sign in, sign out', async ({ page }) => {
  const mark = unique();
  const person = { name: 'Dona Zulmira', email: `zulmira-${mark}@exemplo.com.br`, password: 'pão de queijo quente' };
  await page.goto('/');
  await expect(page).toHaveURL(/\/entrar$/);
  await page.getByRole('link', { name: 'Criar conta' }).click();
  await expect(page.getByText('O e-mail é permanente')).toBeVisible();
  await fillSignUp(page, person);
  await expect(page.getByRole('heading', { name: 'Confirme seu e-mail' })).toBeVisible();

  await page.goto('/entrar');
  await fillSignIn(page, person);
  await expect(page.getByRole('alert')).toHaveText('Confirme seu e-mail antes de entrar.');

  await openMail(page, person.email, /confirm/i);
  await page.locator('.mail-body').getByRole('link').first().click();
  await page.getByRole('button', { name: 'Confirmar meu e-mail' }).click();
  await expect(notice(page)).toHaveText('E-mail confirmado. Agora é só entrar.');

  await fillSignIn(page, person);
  await expect(page.getByRole('heading', { name: 'Sua primeira instância' })).toBeVisible();

  await page.locator('summary').filter({ hasText: person.name }).click();
  await page.getByRole('button', { name: 'Sair' }).click();
  await expect(notice(page)).toHaveText('Você saiu. Até logo!');
  await page.goto('/instancias');
  await expect(page).toHaveURL(/\/entrar\?voltar=%2Finstancias$/);
  await fillSignIn(page, person);
  await expect(page).toHaveURL(/\/instancias$/);
});

test('an invalid CNPJ is told next to its field and what was typed stays', async ({ page }) => {
  const person = { name: 'Mercado Bom Preço', email: `mercado-${unique()}@exemplo.com.br`, password: 'arroz com feijão' };
  await fillSignUp(page, { ...person, document: '11.222.333/0001-80' });
  const field = page.getByLabel('CPF ou CNPJ');
  await expect(field).toHaveAccessibleDescription(/Os dígitos verificadores não conferem/);
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveValue('11.222.333/0001-80');
  await expect(page.getByLabel('Nome')).toHaveValue(person.name);
  await expect(page.getByLabel('E-mail')).toHaveValue(person.email);

  await field.fill('11.222.333/0001-81');
  await page.getByLabel('Senha').fill(person.password);
  await page.getByRole('button', { name: 'Criar conta' }).click();
  await expect(page.getByRole('heading', { name: 'Confirme seu e-mail' })).toBeVisible();
});

test('an address that is taken gets the same answer', async ({ page, place }) => {
  const taken = place.account();
  const answerTo = async (email) => {
    await fillSignUp(page, { name: 'Curioso', email, password: 'quero saber quem é' });
    await expect(page.getByRole('heading', { name: 'Confirme seu e-mail' })).toBeVisible();
    return (await page.locator('main').innerText()).replaceAll(email, '…');
  };
  expect(await answerTo(taken.email)).toBe(await answerTo(`livre-${unique()}@exemplo.com.br`));
  await openMail(page, taken.email, /.+/);
  await expect(page.locator('.mail-body')).toContainText(/já/i);

  // The account is still its owner's.
  await page.goto('/entrar');
  await fillSignIn(page, taken);
  await expect(page.getByRole('navigation', { name: 'Seções' })).toBeVisible();
});

test('a forgotten password is replaced by mail, once per link', async ({ page, place }) => {
  const owner = place.account();
  const password = 'cuscuz com manteiga';
  await page.goto('/entrar');
  await page.getByRole('link', { name: 'Esqueci minha senha' }).click();
  await page.getByLabel('E-mail').fill(owner.email);
  await page.getByRole('button', { name: 'Enviar link' }).click();
  await expect(notice(page)).toContainText('Se o e-mail estiver cadastrado');

  await openMail(page, owner.email, /senha/i);
  const link = await page.locator('.mail-body').getByRole('link').first().getAttribute('href');
  await page.goto(link);
  await page.getByLabel('Nova senha').fill('curta');
  await page.getByLabel('Nova senha').evaluate((field) => field.removeAttribute('minlength'));
  await page.getByRole('button', { name: 'Salvar nova senha' }).click();
  await expect(page.getByLabel('Nova senha')).toHaveAccessibleDescription(/pelo menos 10 caracteres/);
  await page.getByLabel('Nova senha').fill(password);
  await page.getByRole('button', { name: 'Salvar nova senha' }).click();
  await expect(notice(page)).toHaveText('Senha alterada.');

  await fillSignIn(page, owner);
  await expect(page.getByRole('alert')).toHaveText('E-mail ou senha incorretos.');
  await fillSignIn(page, { ...owner, password });
  await expect(page.getByRole('navigation', { name: 'Seções' })).toBeVisible();

  await page.context().clearCookies();
  await page.goto(link);
  await page.getByLabel('Nova senha').fill('outra senha qualquer');
  await page.getByRole('button', { name: 'Salvar nova senha' }).click();
  await expect(page.getByRole('alert')).toHaveText('Este link já foi usado.');
});

test('ten wrong passwords close the door; a new password opens it', async ({ page, place }) => {
  const owner = place.account();
  await page.goto('/entrar');
  for (let attempt = 1; attempt < 10; attempt += 1) {
    await fillSignIn(page, { ...owner, password: `errada ${attempt}` });
    await expect(page.getByRole('alert')).toHaveText('E-mail ou senha incorretos.');
  }
  await fillSignIn(page, { ...owner, password: 'errada 10' });
  await fillSignIn(page, owner);
  await expect(page.getByRole('alert')).toHaveText(/^Muitas tentativas\. Tente de novo em 1\d min ou redefina a senha\.$/);

  await page.goto('/esqueci-senha');
  await page.getByLabel('E-mail').fill(owner.email);
  await page.getByRole('button', { name: 'Enviar link' }).click();
  await openMail(page, owner.email, /senha/i);
  await page.locator('.mail-body').getByRole('link').first().click();
  await page.getByLabel('Nova senha').fill('tapioca com coco');
  await page.getByRole('button', { name: 'Salvar nova senha' }).click();
  await fillSignIn(page, { ...owner, password: 'tapioca com coco' });
  await expect(page.getByRole('navigation', { name: 'Seções' })).toBeVisible();
});
