// The virtual telephone: what an instance sends is seen there, and a person answers with a finger, a file or words.
import { expect, test } from '../../support/test.js';
import { newNumber } from '../../support/place.js';

const bubbles = (page) => page.getByRole('log').locator('.bubble');

/** Opens the telephone's page as soon as its first message is there. */
async function openPhone(page, phone) {
  await expect(async () => {
    const answer = await page.goto(`/simulador/telefones/${phone}`);
    expect(answer.status()).toBe(200);
    await expect(bubbles(page).first()).toBeVisible({ timeout: 700 });
  }).toPass();
}

test('a button list is pressed on the telephone, and the answer quotes it', async ({ person, place }) => {
  const owner = place.account();
  const instance = place.instance(owner);
  const number = place.link(instance);
  const friend = newNumber();
  const page = await person(owner);
  await place.call(instance, 'send-button-list', {
    phone: friend,
    message: 'Posso confirmar a entrega?',
    buttonList: { buttons: [{ id: 'sim', label: 'Sim, pode' }, { id: 'nao', label: 'Agora não' }] },
  });
  await openPhone(page, friend);
  await expect(bubbles(page).first()).toContainText('Posso confirmar a entrega?');
  await page.getByRole('button', { name: 'Sim, pode' }).click();
  const answer = bubbles(page).last();
  await expect(answer).toContainText('Sim, pode');
  await expect(answer.locator('.quote')).toContainText('Posso confirmar a entrega?');
  await expect(bubbles(page).first().getByRole('button', { name: 'Sim, pode' })).toHaveClass(/chosen/);

  // The linked telephone hears it, too.
  await page.goto(`/simulador/telefones/${number}?conversa=${friend}`);
  await expect(bubbles(page).last()).toContainText('Sim, pode');
});

test('photo, reply, reaction, edit and deletion by clicks alone', async ({ person, place }) => {
  const owner = place.account();
  const instance = place.instance(owner);
  const number = place.link(instance);
  const friend = newNumber();
  const page = await person(owner);
  await place.send(instance, friend, 'Como ficou a vitrine?');
  await openPhone(page, friend);
  // What is opened in a bubble closes when the chat changes meanwhile: then a person opens it again.
  const pick = (bubble, role, name) =>
    expect(async () => {
      const choice = bubble.getByRole(role, { name });
      if (!(await choice.isVisible())) await bubble.locator('.bubble-more > summary').click();
      await choice.click({ timeout: 1000 });
    }).toPass();

  await page.getByText('Anexar', { exact: true }).click();
  await page.getByRole('button', { name: 'Foto' }).click();
  const photo = page.getByRole('img', { name: 'Nossa vitrine hoje' });
  await expect(photo).toBeVisible();
  await expect.poll(() => photo.evaluate((image) => image.naturalWidth)).toBe(800);

  await pick(bubbles(page).first(), 'button', 'Reagir com ❤️');
  await expect(bubbles(page).first().locator('.chip')).toHaveText('❤️');

  await pick(bubbles(page).first(), 'link', 'Responder');
  await expect(page.getByText('Respondendo')).toBeVisible();
  await page.getByLabel('Mensagem').fill('Ficou lnda');
  await page.getByRole('button', { name: 'Enviar' }).click();
  await expect(bubbles(page).last().locator('.quote')).toContainText('Como ficou a vitrine?');

  await pick(bubbles(page).last(), 'link', 'Editar');
  await page.getByLabel('Mensagem').fill('Ficou linda');
  await page.getByRole('button', { name: 'Salvar' }).click();
  await expect(bubbles(page).last()).toContainText('Ficou linda');
  await expect(bubbles(page).last()).toContainText('editada');

  await pick(bubbles(page).last(), 'button', 'Apagar para todos');
  await expect(bubbles(page).last()).toContainText('Você apagou esta mensagem');
  await page.goto(`/simulador/telefones/${number}?conversa=${friend}`);
  await expect(bubbles(page).last()).toContainText('Mensagem apagada');
});

test('what people do on the telephone, from the command line', async ({ person, place }) => {
  const owner = place.account();
  const instance = place.instance(owner);
  const number = place.link(instance);
  const friend = newNumber();
  const sim = (what, ...args) => place.recado('sim', what, '--instance', instance.id, '--from', friend, ...args);
  const poll = sim('send', '--kind', 'poll', '--text', 'Qual pão?', '--option', 'Francês', '--option', 'Italiano');
  sim('vote', '--message', poll.messageId, '--option', 'Italiano');
  const text = sim('send', '--text', 'Bom dai');
  sim('edit', '--message', text.messageId, '--text', 'Bom dia');
  sim('react', '--message', text.messageId, '--emoji', '👍');
  const page = await person(owner);
  await page.goto(`/simulador/telefones/${number}?conversa=${friend}`);
  await expect(bubbles(page).first()).toContainText('Italiano1 voto');
  await expect(bubbles(page).last()).toContainText('Bom dia');
  await expect(bubbles(page).last().locator('.chip')).toHaveText('👍');
  sim('delete', '--message', text.messageId);
  await expect(bubbles(page).last()).toContainText('Mensagem apagada');
});
