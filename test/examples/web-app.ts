import { expect } from 'chai';
import { accountContext } from '../support/chromium.ts';
import { type RunningExample, startExample } from './example.ts';
import { signInAndReturn, signOutAndReturn } from './sign-in.ts';
import { personWithoutEmail } from './without-email.ts';

/** The name of the demonstration account. */
export const NAME = 'สมชาย ใจดี';
export const EMAIL = 'somchai@example.com';

/**
 * Uses an example with pages as a visitor would: its link `Sign in`, the pages of Pratu, the name and the e-mail
 * address at the app, its link `Sign out`. Afterwards Pratu asks for the password again, and a person without an
 * e-mail address signs in.
 */
export async function visit(app: RunningExample): Promise<void> {
  const { page, context } = await accountContext();
  // apps that compile a page when it is first opened need more time
  context.setDefaultTimeout(90_000);
  try {
    await page.goto(app.url);
    await page.getByText('Sign in', { exact: true }).click();
    await signInAndReturn(page, app.url);
    await page.getByText(NAME).first().waitFor();
    await page.getByText(EMAIL).first().waitFor();

    await page.getByText('Sign out', { exact: true }).click();
    await signOutAndReturn(page, app.url);
    await page.getByText('Sign in', { exact: true }).click();
    await page.waitForSelector('#password');
    expect(page.url()).to.include(app.issuer);
    const other = await personWithoutEmail(app.issuer);
    await signInAndReturn(page, app.url, other);
    await page.getByText(other.name).first().waitFor();
  } catch (error) {
    throw new Error(`${(error as Error).message}\nat ${page.url()}; the app wrote:\n${app.output()}`);
  }
}

/** Starts an example with pages and visits it. */
export async function visitWebApp(name: string, env: Record<string, string> = {}): Promise<void> {
  const app = await startExample(name, env);
  try {
    await app.serves(app.url);
    await visit(app);
  } finally {
    await app.end();
  }
}
