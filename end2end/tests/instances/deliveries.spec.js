// What went to the webhooks: seen attempt by attempt, looked at one by one, and sent again.
import { confirm, expect, notice, test } from '../../support/test.js';
import { newNumber } from '../../support/place.js';
import { startReceiver } from '../../support/receiver.js';

/** Opens the list again until `there` holds. */
async function list(page, instance, query, there) {
  await expect(async () => {
    await page.goto(`${instance.page}/entregas${query}`);
    await there({ timeout: 500 });
  }).toPass({ timeout: 30_000 });
}

test('a delivery is looked at, copied as curl, sent again; then all that failed', async ({ person, place }) => {
  // Gone, three times: the connection and one message with its first status.
  const receiver = await startReceiver([410, 410, 410]);
  const owner = place.account();
  const instance = place.instance(owner);
  await fetch(`${instance.rest}/update-every-webhooks`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ value: receiver.url }),
  });
  place.link(instance);
  const page = await person(owner);
  const entry = (name) => page.getByRole('listitem').filter({ hasText: name });
  await list(page, instance, '', (soon) => expect(entry('ConnectedCallback')).toContainText('Falhou', soon));
  await place.send(instance, newNumber(), 'Bom dia!');
  await list(page, instance, '?estado=failed', (soon) => expect(entry('DeliveryCallback')).toContainText('Falhou', soon));

  // Filtered by the form, which remembers what was asked.
  await page.getByLabel('Tipo').selectOption('ConnectedCallback');
  await page.getByRole('button', { name: 'Filtrar' }).click();
  await expect(page.getByLabel('Situação')).toHaveValue('failed');
  await expect(page.locator('.entry')).toHaveCount(1);

  await page.getByRole('link', { name: 'ConnectedCallback' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('ConnectedCallback');
  await expect(page.locator('main')).toContainText('resposta 410');
  const curl = page.locator('pre.raw').last();
  await expect(curl).toContainText(`curl -X POST '${receiver.url}'`);
  await expect(curl).toContainText('SEGREDO_DO_WEBHOOK');
  await page.getByRole('button', { name: 'Reenviar' }).click();
  await expect(notice(page)).toHaveText('A entrega será tentada de novo.');
  await expect.poll(() => receiver.ofType('ConnectedCallback').length).toBe(2);
  const [first, second] = receiver.received.filter(({ body }) => body.type === 'ConnectedCallback');
  expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
  expect(second.body).toEqual(first.body);

  await list(page, instance, '', (soon) => expect(entry('ConnectedCallback')).toContainText('Entregue', soon));
  await confirm(page, 'Reenviar as que falharam', 'Reenviar as que falharam');
  await expect(notice(page)).toHaveText('As entregas serão tentadas de novo.');
  await list(page, instance, '?estado=failed', (soon) =>
    expect(page.getByRole('heading', { name: 'Nenhuma entrega neste filtro' })).toBeVisible(soon),
  );
  await receiver.stop();
});

test('the webhook secret is replaced without a gap', async ({ person, place }) => {
  const owner = place.account();
  const instance = place.instance(owner);
  const page = await person(owner);
  await page.goto(`${instance.page}/editar/webhooks`);
  await confirm(page, 'Trocar segredo', 'Trocar segredo');
  await expect(notice(page)).toHaveText('Novo segredo criado. O anterior continua assinando por 24 horas.');
  await expect(page.getByText('O segredo anterior assina junto até')).toBeVisible();
  await page.getByRole('button', { name: 'Aposentar agora' }).click();
  await expect(notice(page)).toHaveText('O segredo anterior não assina mais.');
  await expect(page.getByText('O segredo anterior assina junto até')).toBeHidden();
});
