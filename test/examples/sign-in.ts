import type { Page } from 'playwright-core';
import { agree, signIn } from '../browser/steps.ts';
import { SOMCHAI } from '../support/sign-in.ts';

/**
 * Signs in and, where the page asks for it, consents. Waits until the browser is back at the app. The account
 * defaults to that of the demonstration.
 */
export async function signInAndReturn(
  page: Page,
  url: string,
  person: { login: string; password: string } = SOMCHAI,
): Promise<void> {
  await page.waitForSelector('#password');
  const login = page.url();
  await signIn(page, person);
  await page.waitForURL(({ href }) => href !== login);
  if (!page.url().startsWith(`${url}/`)) {
    await page.waitForSelector('.grants');
    await agree(page);
  }
  await page.waitForURL(`${url}/**`);
}

/** Confirms the sign-out at Pratu, and waits until the browser is back at the app. */
export async function signOutAndReturn(page: Page, url: string): Promise<void> {
  await page.waitForURL(/\/oauth\/logout/);
  await agree(page);
  await page.waitForURL(`${url}/**`);
}
