import type { Page } from 'playwright-core';
import { accountContext } from '../support/chromium.ts';
import { SOMCHAI } from '../support/sign-in.ts';
import { describeExample, type RunningExample, startExample } from './example.ts';
import { signInAndReturn, signOutAndReturn } from './sign-in.ts';
import { EMAIL, NAME } from './web-app.ts';
import { personWithoutEmail } from './without-email.ts';

const PHP = 'php -r curl_init();openssl_get_cipher_methods();';

describeExample('php-partner', { tools: [PHP] }, () => {
  let app: RunningExample;
  before(async () => {
    app = await startExample('php-partner');
    await app.serves(app.url);
  });

  async function enter(page: Page, mobile: string): Promise<void> {
    await page.fill('#mobile', mobile);
    await page.getByText('Sign in', { exact: true }).click();
  }

  it('signs in the owner of the mobile number, and signs out', async () => {
    const { page } = await accountContext();
    await page.goto(app.url);
    await enter(page, SOMCHAI.login);
    await signInAndReturn(page, app.url);
    await page.getByText(`Hello ${NAME}`).waitFor();
    await page.getByText(EMAIL).waitFor();
    await page.getByText('Sign out', { exact: true }).click();
    await signOutAndReturn(page, app.url);
    await page.waitForSelector('#mobile');
  });

  it('asks again for a number that is not that of the account', async () => {
    const person = await personWithoutEmail(app.issuer);
    const { page } = await accountContext();
    await page.goto(app.url);
    await enter(page, SOMCHAI.login);
    await signInAndReturn(page, app.url, person);
    await page.getByText('This is not the mobile number of the account.').waitFor();
    await enter(page, person.login);
    await page.getByText(`Hello ${person.name}`).waitFor();
    await page.getByText('No e-mail address').waitFor();
  });
});
