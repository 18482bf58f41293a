// Playwright's `test` with what every journey needs. A journey fails when a browser of it complains: errors in the
// console (violations of the content policy among them), exceptions, failed requests of our own files.
import { test as base, expect } from '@playwright/test';

import { past } from './past.js';
import { Place } from './place.js';

export { expect };

// Browsers report a page's own 4xx as an error; journeys that provoke one look at the page itself.
const refusal = /^Failed to load resource: the server responded with a status of 4\d\d/;

// Without scripts nothing uses the client that a page with islands asks the browser to fetch early.
const unused = /was preloaded using link preload but not used/;

function listen(context, complaints, scripts = true) {
  context.on('console', (message) => {
    const { url } = message.location();
    const ours = (refusal.test(message.text()) && !url.includes('/assets/')) || (!scripts && unused.test(message.text()));
    if (['error', 'warning'].includes(message.type()) && !ours) complaints.push(`${message.text()} (${url})`);
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
}

export const test = base.extend({
  /** The server all journeys share, with its demonstration data. */
  place: [
    async ({}, use) => {
      const { RECADO_URL, RECADO_DATA, RECADO_DEMO } = process.env;
      await use(new Place(RECADO_URL, RECADO_DATA, { demo: JSON.parse(RECADO_DEMO) }));
    },
    { scope: 'worker' },
  ],

  /** A server whose installation is forty days old (see `past.js`); journeys of this worker share it. */
  past: [past, { scope: 'worker', timeout: 90_000 }],

  /** The same for one journey alone, which may close its month. */
  ownPast: [past, { timeout: 90_000 }],

  complaints: [
    async ({}, use) => {
      const complaints = [];
      await use(complaints);
      expect(complaints, 'what the browser complained about').toEqual([]);
    },
    { auto: true },
  ],

  context: async ({ context, complaints }, use) => {
    listen(context, complaints);
    await use(context);
  },

  /** `person(who)`: a browser of its own, signed in; without `who` a visitor. `options` are those of a context. */
  person: async ({ browser, place, complaints, contextOptions }, use) => {
    const contexts = [];
    await use(async (who, options = {}) => {
      const context = await browser.newContext({ baseURL: place.url, ...contextOptions, ...options });
      contexts.push(context);
      listen(context, complaints, options.javaScriptEnabled ?? true);
      const page = await context.newPage();
      if (who) await signIn(page, who);
      return page;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});

/** Fills the sign-in form in and sends it. */
export async function fillSignIn(page, { email, password }) {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Senha', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Entrar' }).click();
}

/** Signs in as a person does. */
export async function signIn(page, who) {
  await page.goto('/entrar');
  await fillSignIn(page, who);
  await expect(page.getByRole('navigation', { name: 'Seções' })).toBeVisible();
}

/** The message above a page after a form did its work. */
export const notice = (page) => page.locator('main > .notice[role=status]');

/** Presses a button that asks first, reads the question, answers it. */
export async function confirm(page, opener, answer) {
  await page.getByRole('button', { name: opener, exact: true }).first().click();
  const question = page.getByRole('dialog');
  await expect(question).toBeVisible();
  await question.getByRole('button', { name: answer, exact: true }).click();
}
