import { expect } from 'chai';
import type { User, UserManager } from 'oidc-client-ts';
import type { Page } from 'playwright-core';
import { accountContext, endVisits } from '../support/chromium.ts';
import { PAGE_CLIENT, type RelyingParty, testParty } from './relying-party.ts';
import { agree, heading, signIn } from './steps.ts';

declare const manager: UserManager;
declare const ended: Promise<User>;

const signedIn = (page: Page) => page.evaluate(async () => (await ended).profile);

describe('oidc-client-ts in a page', () => {
  let party: RelyingParty;

  before(async () => {
    const { server, party: shared } = await testParty();
    party = shared;
    // the first consent page lists everything, whichever test file allowed the client something before
    await server.database.knex('consents').where({ client_id: PAGE_CLIENT }).delete();
  });
  afterEach(endVisits);

  it('signs in, reads userinfo, refreshes and signs out', async () => {
    const { page, refusals } = await accountContext();
    await page.goto(`${party.url}/page`);
    await page.evaluate(() => void manager.signinRedirect({ prompt: 'consent' }));
    await signIn(page);
    await page.waitForSelector('.grants');
    expect(await heading(page)).to.equal('Allow Doi Coffee to access your account?');
    await agree(page);
    await page.waitForURL(`${party.url}/page/cb?*`);

    expect(await signedIn(page)).to.include({ name: 'สมชาย ใจดี', email: 'somchai@example.com' });
    const renewed = await page.evaluate(async () => {
      const before = (await manager.getUser())?.refresh_token;
      const user = await manager.signinSilent();
      return { rotated: user?.refresh_token !== before, expiresIn: user?.expires_in };
    });
    expect(renewed.rotated).to.equal(true);
    expect(renewed.expiresIn).to.be.above(3590);

    await page.evaluate(() => void manager.signoutRedirect());
    await page.waitForURL(/\/oauth\/logout/);
    expect(await page.locator('.heading p').innerText()).to.equal(
      'Doi Coffee wants to sign you out of Pratu in this browser.',
    );
    await agree(page);
    await page.waitForURL(`${party.url}/page`);
    expect(await page.evaluate(() => manager.getUser())).to.equal(null);

    await page.evaluate(() => void manager.signinRedirect());
    await page.waitForSelector('#password');
    expect(refusals).to.deep.equal([]);
  });

  it('learns that the person pressed Cancel', async () => {
    const { page } = await accountContext();
    await page.goto(`${party.url}/page`);
    await page.evaluate(() => void manager.signinRedirect());
    await page.click('#cancel');
    await page.waitForURL(`${party.url}/page/cb?*`);
    expect(new URL(page.url()).searchParams.get('error')).to.equal('access_denied');
    const error = await page.evaluate(() => ended.catch((reason: Error) => reason.name));
    expect(error).to.equal('ErrorResponse');
  });

  it('signs in through a window of its own', async () => {
    const { page, context } = await accountContext();
    await page.goto(`${party.url}/page`);
    const opened = context.waitForEvent('page');
    const result = page.evaluate(
      async () => (await manager.signinPopup({ prompt: 'consent' })).profile.email,
    );
    const window = await opened;
    await window.waitForSelector('#password');
    await signIn(window);
    await window.waitForSelector('.grants');
    await agree(window);
    expect(await result).to.equal('somchai@example.com');
  });
});
