import { expect } from 'chai';
import { unlimited } from '../apis/customers/code-steps.ts';
import { newMobile, newNationalId } from '../apis/customers/customers-client.ts';
import { newPerson } from '../flows/upstream-steps.ts';
import { accountContext, endVisits } from '../support/chromium.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { type FakeProvider, fakeApple, fakeLine } from '../support/upstream/kinds.ts';
import { agree, codeTo, enterCode, heading } from './steps.ts';

describe('other providers in a browser', () => {
  let server: TestServer;
  let line: FakeProvider;
  let apple: FakeProvider;
  before(async () => {
    [line, apple] = await Promise.all([fakeLine(), fakeApple()]);
    server = await startServer({ ...unlimited(), upstream: [line.settings, apple.settings] });
  });
  after(() => server.stop());
  afterEach(endVisits);

  for (const [provider, fake] of [
    ['line', () => line],
    ['apple', () => apple],
  ] as const)
    it(`registers through the button of ${provider} and back, and signs in`, async () => {
      const { page, context, refusals } = await accountContext();
      const account = `${server.url}/account`;
      const leave = async (): Promise<void> => {
        await page.goto(account);
        await page.click(`button[name=identity_provider][value=${provider}]`);
        // another site posts the form of Apple, without our cookies
        if (provider === 'apple') await page.click('button');
      };
      fake().issuer.person = newPerson({ firstName: 'ฝอย', lastName: 'ขัดหม้อ' });
      await leave();
      const mobile = newMobile();
      await page.fill('#mobile', mobile);
      await agree(page);
      await page.waitForSelector('#code');
      await enterCode(page, await codeTo(server, mobile));
      await page.waitForSelector('#firstName');
      expect(await page.inputValue('#firstName')).to.equal('ฝอย');
      await page.selectOption('#title', '1');
      await page.fill('#birthDate', '2015-04-03');
      await page.fill('#thaiId', newNationalId());
      await agree(page);
      await page.waitForURL(account);
      expect(await heading(page)).to.equal('My account');
      await context.clearCookies();
      await leave();
      await page.waitForURL(account);
      expect(refusals).to.deep.equal([]);
    });
});
