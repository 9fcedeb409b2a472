import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { accountContext, endVisits } from '../support/chromium.ts';
import type { TestServer } from '../support/server.ts';
import { authorizationUrl, pkce, SOMCHAI } from '../support/sign-in.ts';
import { type RelyingParty, testParty } from './relying-party.ts';
import { agree, heading, signIn } from './steps.ts';

describe('signing in with a browser', () => {
  let server: TestServer;
  let party: RelyingParty;

  before(async () => {
    ({ server, party } = await testParty());
  });
  afterEach(endVisits);

  /** An authorization request that ends at the relying party's page. */
  const request = (more: Record<string, string> = {}): string =>
    authorizationUrl(server.url, pkce().challenge, {
      client_id: 'page-app',
      redirect_uri: `${party.url}/page/cb`,
      prompt: 'consent',
      ...more,
    });

  const sessionsOf = async (email: string): Promise<number> => {
    const { knex } = server.database;
    const rows = await knex('sessions as s')
      .join('contacts as c', 'c.account_id', 's.account_id')
      .where('c.value', email);
    return rows.length;
  };

  /** The response to the next form that is sent, also by a script. */
  const formAnswer = (page: Page) =>
    page.waitForResponse(
      (response) => response.request().isNavigationRequest() && response.request().method() === 'POST',
    );

  /** A new person for one test. */
  async function newcomer(name: string): Promise<{ login: string; password: string }> {
    const login = `${name}@example.com`;
    await server.domain.lifecycle.create({
      password: SOMCHAI.password,
      contacts: [{ kind: 'email', value: login, verified: true }],
    });
    return { login, password: SOMCHAI.password };
  }

  it('keeps the name after a wrong password, and says what is wrong', async () => {
    const { page } = await accountContext();
    await page.goto(request());
    const answer = formAnswer(page);
    await signIn(page, { login: 'nobody@example.com', password: 'wrong-password' });
    expect((await answer).status()).to.equal(400);
    await page.waitForSelector('[role=alert]');
    expect(await page.locator('[role=alert] li').allInnerTexts()).to.deep.equal([
      'The mobile number, e-mail address or password is wrong.',
    ]);
    expect(await page.locator('[role=alert]').evaluate((alert) => alert === document.activeElement)).to.equal(
      true,
    );
    expect(await page.inputValue('#login')).to.equal('nobody@example.com');
    expect(await page.inputValue('#password')).to.equal('');
  });

  it('shows and hides the password, and never sends it as ordinary text', async () => {
    const { page } = await accountContext();
    await page.goto(request());
    await page.fill('#password', 'visible');
    await page.getByRole('button', { name: 'Show password' }).click();
    expect(await page.getAttribute('#password', 'type')).to.equal('text');
    await page.getByRole('button', { name: 'Hide password' }).click();
    expect(await page.getAttribute('#password', 'type')).to.equal('password');
  });

  it('works with the keyboard alone', async () => {
    const { page } = await accountContext();
    await page.goto(request());
    await page.keyboard.type(SOMCHAI.login);
    await page.keyboard.press('Tab');
    await page.keyboard.type(SOMCHAI.password);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.grants');
    for (let presses = 0; presses < 10; presses += 1) {
      if (await page.locator('.primary').evaluate((button) => button === document.activeElement)) break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.waitForURL(`${party.url}/page/cb?*code=*`);
  });

  it('works without JavaScript, logout too', async () => {
    const { page } = await accountContext({ javaScriptEnabled: false });
    await page.goto(request());
    await signIn(page);
    await page.waitForSelector('.grants');
    await agree(page);
    await page.waitForURL(`${party.url}/page/cb?*code=*`);
    await page.goto(`${server.url}/oauth/logout`);
    expect(await heading(page)).to.equal('Sign out?');
    await agree(page);
    await page.waitForSelector('.done');
    expect(await heading(page)).to.equal('You have been signed out');
    // no one is signed in: the page that would submit itself has a button
    await page.goto(`${server.url}/oauth/logout`);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForSelector('.done');
  });

  for (const javaScriptEnabled of [true, false]) {
    it(`makes one session of a double click, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
      const person = await newcomer(`double-click-${javaScriptEnabled}`);
      const { page } = await accountContext({ javaScriptEnabled });
      await page.goto(request());
      await page.fill('#login', person.login);
      await page.fill('#password', person.password);
      await page.dblclick('.primary');
      await page.waitForSelector('.grants');
      await page.dblclick('.primary');
      await page.waitForURL(`${party.url}/page/cb?*code=*`);
      expect(await sessionsOf(person.login)).to.equal(1);
    });
  }

  it('responds to the back button after the end with a page that explains what to do', async () => {
    const { page } = await accountContext();
    await page.goto(request());
    await signIn(page);
    await page.waitForSelector('.grants');
    await agree(page);
    await page.waitForURL(`${party.url}/page/cb?*`);
    const answer = await page.goBack();
    expect(answer?.status()).to.equal(400);
    expect(await heading(page)).to.equal('Please start again');
  });

  it('does the same for a step that comes too late', async () => {
    const { page, context } = await accountContext();
    await page.goto(request());
    await context.clearCookies({ name: 'interaction' });
    const answer = formAnswer(page);
    await signIn(page);
    expect((await answer).status()).to.equal(400);
    await page.waitForSelector('.details');
    expect(await heading(page)).to.equal('Please start again');
  });

  it('lets no other browser go on with a sign-in', async () => {
    const { page } = await accountContext();
    await page.goto(request());
    const other = await accountContext();
    const answer = await other.page.goto(page.url());
    expect(answer?.status()).to.equal(400);
    expect(await heading(other.page)).to.equal('Please start again');
    expect(await other.page.locator('form').count()).to.equal(0);
  });

  it('switches the language, and remembers it', async () => {
    const { page } = await accountContext({ locale: 'en-GB' });
    await page.goto(request());
    expect(await page.locator('html').getAttribute('lang')).to.equal('en');
    await page.click('text=ไทย');
    await page.waitForSelector('html[lang=th]');
    expect(await heading(page)).to.equal('เข้าสู่ระบบ');
    await page.goto(`${server.url}/`);
    expect(await page.locator('html').getAttribute('lang')).to.equal('th');
    await page.goto(request({ ui_locales: 'fr en' }));
    expect(await heading(page)).to.equal('Sign in');
  });

  it('keeps a choice of language that was made after the application made its own', async () => {
    const { page } = await accountContext();
    await page.goto(request({ ui_locales: 'th' }));
    await page.click('text=English');
    await page.waitForSelector('html[lang=en]');
    await signIn(page, { login: 'nobody@example.com', password: 'wrong-password' });
    await page.waitForSelector('[role=alert]');
    expect(await heading(page)).to.equal('Sign in');
    await signIn(page);
    await page.waitForSelector('.grants');
    expect(await page.locator('html').getAttribute('lang')).to.equal('en');
  });
});
