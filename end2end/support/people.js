// The people of the demonstration data, and how they come in.
import { expect } from '@playwright/test';

/** What `recado demo --json` said: account, finance, support, instances. */
export function demo() {
  return JSON.parse(process.env.RECADO_DEMO);
}

/** Signs in with `{ email, password }` through the form. */
export async function signIn(page, person) {
  await page.goto('/entrar');
  await page.locator('input[name=email][type=email]').fill(person.email);
  await page.locator('input[name=senha]').fill(person.password);
  await page.locator('input[name=senha]').press('Enter');
  await expect(page).not.toHaveURL(/\/entrar/);
}
