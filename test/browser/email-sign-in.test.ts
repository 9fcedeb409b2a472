import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { mailedCode } from '../domain/authenticators/email-code/email-steps.ts';
import { emailHolder } from '../pages/sign-in/email-pages.ts';
import { stepServer } from '../pages/step-server.ts';
import { accountContext, endVisits } from '../support/chromium.ts';
import type { TestServer } from '../support/server.ts';
import { agree, enterCode, heading } from './steps.ts';

describe('signing in by e-mail with a browser', () => {
  let server: TestServer;
  before(async () => {
    server = await stepServer({ emailCode: { signIn: true } });
  });
  afterEach(endVisits);
  after(() => server.stop());

  /** Arrives at the page of the code, on the way to My account. */
  async function atCode(page: Page): Promise<{ email: string; code: string; link: string }> {
    const { email } = await emailHolder(server);
    await page.goto(`${server.url}/account`);
    await page.getByRole('link', { name: 'Sign in with an e-mail code' }).click();
    await page.fill('#login', email);
    await agree(page);
    await page.waitForSelector('#code');
    return { email, ...(await mailedCode(server.domain, email)) };
  }

  const arrived = (page: Page): Promise<void> => page.waitForURL(/\/account$|\/passkey\/new$/);

  for (const javaScriptEnabled of [true, false]) {
    it(`goes on by the link in a new tab, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
      const { page, context, refusals } = await accountContext({ javaScriptEnabled });
      const { link } = await atCode(page);
      const tab = await context.newPage();
      await tab.goto(link);
      expect(await heading(tab)).to.equal('Continue signing in');
      await agree(tab);
      await arrived(tab);
      await tab.goto(link);
      expect(await heading(tab)).to.equal('The link no longer works');
      expect(refusals).to.deep.equal([]);
    });
  }

  it('shows the code in another browser, to be typed in the first', async () => {
    const { page, refusals } = await accountContext();
    const { link } = await atCode(page);
    const phone = await accountContext();
    await phone.page.goto(link);
    expect(await heading(phone.page)).to.equal('Your sign-in code');
    expect(await phone.page.locator('button.primary').count()).to.equal(0);
    await enterCode(page, await phone.page.locator('[data-code]').innerText());
    await arrived(page);
    await phone.page.goto(`${server.url}/account`);
    await phone.page.waitForSelector('#password');
    expect([...refusals, ...phone.refusals]).to.deep.equal([]);
  });
});
