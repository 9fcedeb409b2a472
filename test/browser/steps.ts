import type { Page } from 'playwright-core';
import { SOMCHAI } from '../support/sign-in.ts';

/** Fills in the login page and sends it. */
export async function signIn(
  page: Page,
  { login, password }: { login: string; password: string } = SOMCHAI,
): Promise<void> {
  await page.fill('#login', login);
  await page.fill('#password', password);
  await page.click('.primary');
}

/** Presses the one button that a page asks to press. */
export const agree = (page: Page): Promise<void> => page.click('.primary');

export const heading = (page: Page): Promise<string> => page.locator('h1').innerText();

/** Consents unless that was done in an earlier test, and waits for the end. */
export async function consentOnce(page: Page): Promise<void> {
  await page.waitForSelector('.grants, .done');
  if (await page.locator('.grants').isVisible()) await agree(page);
  await page.waitForSelector('.done');
}
