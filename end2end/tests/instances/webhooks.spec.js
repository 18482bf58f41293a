// Where events are delivered, and the list of what was tried.
import { expect, notice, test } from '../../support/test.js';
import { newNumber, Place } from '../../support/place.js';
import { startReceiver } from '../../support/receiver.js';
import { startServer } from '../../support/server.js';

const FIELDS = ['Ao receber', 'Ao enviar', 'Receber status da mensagem', 'Ao conectar', 'Ao desconectar'];

async function setWebhooks(page, instance, url, fields = FIELDS) {
  await page.goto(`${instance.page}/editar`);
  await page.getByRole('link', { name: 'Webhooks' }).click();
  for (const field of fields) await page.getByLabel(field, { exact: true }).fill(url);
  await page.getByRole('button', { name: 'Salvar' }).click();
}

/** Looks at the deliveries again until `there` holds. */
async function deliveries(page, instance, there) {
  await expect(async () => {
    await page.goto(`${instance.page}/entregas`);
    await there({ timeout: 500 });
  }).toPass({ timeout: 30_000 });
}

test('deliveries are listed with each attempt; a failed one is tried again', async ({ person, place }) => {
  const receiver = await startReceiver([500]);
  const owner = place.account();
  const instance = place.instance(owner);
  const page = await person(owner);
  await page.goto(`${instance.page}/entregas`);
  await expect(page.getByRole('heading', { name: 'Nenhuma entrega ainda' })).toBeVisible();
  await setWebhooks(page, instance, receiver.url);
  await expect(notice(page)).toHaveText('Alterações salvas.');
  await expect(page.getByLabel('Ao conectar', { exact: true })).toHaveValue(receiver.url);

  const phone = place.link(instance);
  const entry = (name) => page.getByRole('listitem').filter({ hasText: name });
  await deliveries(page, instance, (soon) => expect(entry('ConnectedCallback')).toContainText('1 tentativa', soon));
  await expect(entry('ConnectedCallback')).toContainText('Tentando');
  await entry('ConnectedCallback').getByText('1 tentativa').click();
  await expect(entry('ConnectedCallback')).toContainText(/Tentativa 1, .* resposta 500 em \d+ ms/);

  const friend = newNumber();
  const sent = await place.send(instance, friend, 'Bom dia!');
  await expect.poll(() => receiver.ofType('DeliveryCallback')).toMatchObject([{ messageId: sent.messageId, phone: friend }]);
  await expect.poll(() => receiver.ofType('MessageStatusCallback').map(({ status }) => status)).toContain('RECEIVED');
  await deliveries(page, instance, (soon) => expect(entry('DeliveryCallback')).toContainText('Entregue', soon));

  // Ten seconds after the first attempt the receiver is well again.
  await deliveries(page, instance, (soon) => expect(entry('ConnectedCallback').first()).toContainText('2 tentativas', soon));
  await expect(entry('ConnectedCallback')).toContainText('Entregue');
  await entry('ConnectedCallback').getByText('2 tentativas').click();
  await expect(entry('ConnectedCallback')).toContainText(/Tentativa 2, .* resposta 200 em \d+ ms/);
  const calls = receiver.ofType('ConnectedCallback');
  expect(calls).toHaveLength(2);
  expect(calls[0]).toEqual(calls[1]);
  expect(calls[0]).toMatchObject({ connected: true, phone, instanceId: instance.id });
  expect(receiver.received.every(({ headers }) => headers['x-recado-signature'])).toBe(true);

  await entry('DeliveryCallback').getByRole('button', { name: 'Reenviar' }).click();
  await expect(notice(page)).toHaveText('A entrega será tentada de novo.');
  await expect.poll(() => receiver.ofType('DeliveryCallback').length).toBe(2);
  await receiver.stop();
});

test('addresses that are none are refused next to their field', async ({ person, place }) => {
  const owner = place.account();
  const instance = place.instance(owner);
  const page = await person(owner);
  await setWebhooks(page, instance, 'isto não é um endereço', ['Ao receber']);
  await expect(page.getByLabel('Ao receber', { exact: true })).toHaveAccessibleDescription('Este endereço não é válido.');
  await expect(page.getByLabel('Ao receber', { exact: true })).toHaveValue('isto não é um endereço');
  await page.goto(`${instance.page}/editar/webhooks`);
  await expect(page.getByLabel('Ao receber', { exact: true })).toHaveValue('');
});

test('without the switch for local work http:// is refused and private addresses are never called', async ({ person }) => {
  const server = await startServer([], { env: { RECADO_ALLOW_LOCAL_WEBHOOKS: '0' } });
  try {
    const place = new Place(server.url, server.data);
    const owner = place.account();
    const instance = place.instance(owner);
    const page = await person(owner, { baseURL: server.url });
    await setWebhooks(page, instance, 'http://exemplo.com.br/webhook', ['Ao conectar']);
    await expect(page.getByLabel('Ao conectar', { exact: true })).toHaveAccessibleDescription('O endereço precisa começar com https://.');

    const receiver = await startReceiver();
    await setWebhooks(page, instance, receiver.url.replace('http:', 'https:'), ['Ao conectar']);
    await expect(notice(page)).toHaveText('Alterações salvas.');
    place.link(instance);
    const entry = page.getByRole('listitem').filter({ hasText: 'ConnectedCallback' });
    await deliveries(page, instance, (soon) => expect(entry).toContainText('1 tentativa', soon));
    await entry.getByText('1 tentativa').click();
    await expect(entry).toContainText('sem resposta (o endereço não é público)');
    expect(receiver.received).toEqual([]);
    await receiver.stop();
  } finally {
    await server.stop();
  }
});
