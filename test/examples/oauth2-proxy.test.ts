import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { accountContext } from '../support/chromium.ts';
import { describeExample, type RunningExample, startExample } from './example.ts';
import { signInAndReturn, signOutAndReturn } from './sign-in.ts';
import { personWithoutEmail } from './without-email.ts';

describeExample('oauth2-proxy', { tools: ['go', 'openssl'], slow: true }, () => {
  let proxy: RunningExample;
  before(async function () {
    // the first start builds it
    this.timeout(400_000);
    proxy = await startExample('oauth2-proxy');
    await proxy.serves(`${proxy.url}/ping`, 390_000);
  });
  after(() => proxy?.end());

  const enter = async (page: Page): Promise<void> => {
    await page.goto(proxy.url);
    await page.getByText('Sign in with Pratu').click();
  };

  it('protects the page until someone signs in', async () => {
    const { page } = await accountContext();
    expect((await page.goto(proxy.url))?.status()).to.equal(403);
    expect((await fetch(`${proxy.url}/home.js`)).status).to.equal(403);
    await enter(page);
    await signInAndReturn(page, proxy.url);
    await page.getByText('Hello somchai').waitFor();
  });

  it('signs out of Pratu as well, and lets in an account without an e-mail address', async () => {
    const person = await personWithoutEmail(proxy.issuer);
    const { page } = await accountContext();
    await enter(page);
    await signInAndReturn(page, proxy.url, person);
    await page.getByText(/Hello \d+/).waitFor();
    const query = new URLSearchParams({
      client_id: 'oauth2-proxy',
      post_logout_redirect_uri: `${proxy.url}/`,
    });
    const rd = encodeURIComponent(`${proxy.issuer}/oauth/logout?${query}`);
    await page.goto(`${proxy.url}/oauth2/sign_out?rd=${rd}`);
    await signOutAndReturn(page, proxy.url);
    await enter(page);
    await page.waitForSelector('#password');
  });
});
