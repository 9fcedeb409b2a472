import { expect } from 'chai';
import { newContacts } from '../pages/account/visitor.ts';
import { accountContext, endVisits } from '../support/chromium.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { virtualAuthenticator } from './authenticator.ts';
import { fillInIdentity, heading, proveMobile } from './steps.ts';

describe('registering with a passkey in place of a password', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer({ passkeys: { withoutPassword: true } });
  });
  afterEach(endVisits);
  after(() => server.stop());

  it('creates an account without a password, and its passkey', async () => {
    const { page } = await accountContext();
    const device = await virtualAuthenticator(page);
    const { mobile } = newContacts();
    await page.goto(`${server.url}/register`);
    await proveMobile(page, server, '#mobile', mobile);
    await fillInIdentity(page);
    await page.getByRole('button', { name: 'Use a passkey instead of a password' }).click();
    await page.waitForSelector('.page-sign-in-passkey-offer');
    await page.click('button[data-passkey]');
    await page.waitForSelector('.page-steps-done');
    expect(await heading(page)).to.equal('Your account is ready');
    expect(await device.credentials()).to.have.length(1);
    const accountId = await server.domain.identifiers.accountId({
      kind: 'mobile',
      key: mobile.replace(/^0/, '+66'),
    });
    expect(await server.domain.credentials.has(Number(accountId))).to.equal(false);
    expect(await server.domain.passkeys.list(Number(accountId))).to.have.length(1);
  });

  it('is offered to no browser that cannot create one', async () => {
    const { page } = await accountContext();
    await page.goto(`${server.url}/register`);
    await proveMobile(page, server, '#mobile', newContacts().mobile);
    await fillInIdentity(page);
    await page.waitForSelector('#password');
    expect(await page.locator('[data-if-passkeys]').isVisible()).to.equal(false);
  });
});
