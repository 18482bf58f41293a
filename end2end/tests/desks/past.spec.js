// Support asks why and how it was, and takes a history along that proves itself; so does its owner.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from '../../support/test.js';
import { newNumber } from '../../support/place.js';
import { program } from '../../support/server.js';

/** `recado audit verify` where no installation can be reached; returns what it said. */
function verify(file, ...args) {
  const folder = mkdtempSync(join(tmpdir(), 'recado-verify-'));
  try {
    const env = { PATH: process.env.PATH, RECADO_DATA: join(folder, 'nowhere') };
    const stdout = execFileSync(program, ['audit', 'verify', file, '--json', ...args], { env, encoding: 'utf8', stdio: 'pipe' });
    return { code: 0, answer: JSON.parse(stdout) };
  } catch (error) {
    return { code: error.status, answer: JSON.parse(error.stdout) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function savedDownload(page, button, testInfo) {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  const file = testInfo.outputPath(download.suggestedFilename());
  await download.saveAs(file);
  return file;
}

test('an event leads to its causes and to what it changed', async ({ person, place }) => {
  const owner = place.account('Sorveteria');
  const instance = place.instance(owner, 'Gelato');
  place.link(instance);
  const friend = newNumber();
  const sent = await place.send(instance, friend, 'Promoção de hoje');
  const page = await person(owner);
  await page.goto(`${instance.page}/editar`);
  await page.getByLabel('Nome da instância').fill('Gelateria');
  await page.locator('form', { hasText: 'Nome da instância' }).getByRole('button', { name: 'Salvar' }).click();

  const staff = place.staff('support');
  const desk = await person(staff);
  const happened = (text) => desk.locator('.timeline > li').filter({ hasText: text });
  await expect(async () => {
    await desk.goto(`/suporte/contas/${owner.id}`);
    await expect(happened('aceita pelo WhatsApp')).toHaveCount(1, { timeout: 500 });
  }).toPass();
  await happened('aceita pelo WhatsApp').getByRole('link', { name: /^Por quê\?/ }).click();
  await expect(desk.getByRole('heading', { name: 'Por quê?', level: 1 })).toBeVisible();
  const told = await desk.locator('.causes .what').allTextContents();
  expect(told[0]).toMatch(/aceita na fila/);
  expect(told[1]).toMatch(/em envio, tentativa 1/);
  expect(told[2]).toMatch(/aceita pelo WhatsApp.*este evento/);
  await expect(desk.locator('[aria-current=true]')).toContainText('este evento');
  await expect(desk.locator('main')).not.toContainText('Promoção de hoje');
  // Up the chain by links.
  await desk.getByRole('link', { name: /aceita na fila/ }).click();
  await expect(desk.locator('[aria-current=true]')).toContainText('aceita na fila');

  await desk.goto(`/suporte/contas/${owner.id}`);
  await happened('renomeada para “Gelateria”').getByRole('link', { name: /^Como estava/ }).click();
  await expect(desk.getByRole('heading', { name: 'Como estava: instância' })).toBeVisible();
  const fact = (name) => desk.locator('.state > div').filter({ hasText: name }).locator('dd').first();
  await expect(fact(/^Nome/)).toHaveText('Gelateria');
  const difference = desk.locator('section').filter({ has: desk.getByRole('heading', { name: /^Diferença/ }) });
  await expect(difference.locator('del').first()).toHaveText('Gelato');
  await expect(difference.locator('ins').first()).toHaveText('Gelateria');
  // A moment before there was anything.
  await desk.getByLabel('Como estava em').fill('2020-01-01T12:00');
  await desk.getByRole('button', { name: 'Mostrar' }).click();
  await expect(desk.getByText('Ainda não existia.')).toBeVisible();
  expect(sent.zaapId).toBeTruthy();

  // Each look is written down.
  await desk.goto(`/suporte/contas/${owner.id}`);
  await expect(happened('A equipe consultou as causas de um evento.')).toHaveCount(2);
  await expect(happened('A equipe consultou um estado anterior.')).toHaveCount(2);
});

test('support takes a history along that proves itself without us', async ({ person, place }, testInfo) => {
  const owner = place.account('Marcenaria');
  place.instance(owner, 'Oficina');
  const desk = await person(place.staff('support'));
  await expect(async () => {
    await desk.goto(`/suporte/contas/${owner.id}`);
    await expect(desk.getByText('Selado até')).toBeVisible({ timeout: 500 });
  }).toPass();
  const key = (await (await desk.request.get('/.well-known/recado-audit.json')).json()).public_key;
  for (const format of ['jsonl', 'csv']) {
    await desk.getByLabel('Formato').selectOption(format);
    const file = await savedDownload(desk, desk.getByRole('button', { name: 'Baixar arquivo' }), testInfo);
    const { code, answer } = verify(file, '--public-key', key);
    expect([code, answer.valid, answer.account, answer.format]).toEqual([0, true, owner.id, format]);
    const lines = readFileSync(file, 'utf8').split('\n');
    lines.splice(3, 1);
    writeFileSync(file, lines.join('\n'));
    const broken = verify(file);
    expect([broken.code, broken.answer.valid, broken.answer.line]).toEqual([2, false, 4]);
  }
  await desk.reload();
  await expect(desk.locator('.timeline > li').filter({ hasText: 'exportando-o' })).toHaveCount(2);
});

test('owners take their own history', async ({ person, place }, testInfo) => {
  const owner = place.account('Papelaria');
  const page = await person(owner);
  await page.goto('/conta');
  await expect(page.getByRole('heading', { name: 'Exportar meu histórico' })).toBeVisible();
  const file = await savedDownload(page, page.getByRole('button', { name: 'Baixar arquivo' }), testInfo);
  expect(verify(file).answer).toMatchObject({ valid: true, account: owner.id });
});
