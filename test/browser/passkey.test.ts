import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { MFA } from '../../src/domain/sign-in/mfa.ts';
import { PASSWORD, person } from '../pages/console/operator.ts';
import { accountContext, endVisits } from '../support/chromium.ts';
import type { TestServer } from '../support/server.ts';
import { authorizationUrl, pkce } from '../support/sign-in.ts';
import { type VirtualAuthenticator, virtualAuthenticator } from './authenticator.ts';
import { type RelyingParty, testParty } from './relying-party.ts';
import { heading, signIn } from './steps.ts';

interface Visited {
  page: Page;
  device: VirtualAuthenticator;
  id: number;
  email: string;
  refusals: string[];
}

describe('passkeys in a browser', () => {
  let server: TestServer;
  let party: RelyingParty;

  before(async () => {
    ({ server, party } = await testParty());
  });
  afterEach(endVisits);

  const account = (): string => `${server.url}/account`;

  /** A person at a browser with a device that can store passkeys. */
  async function visit(): Promise<Visited> {
    const { page, refusals } = await accountContext();
    const device = await virtualAuthenticator(page);
    page.on('pageerror', (error) => refusals.push(String(error)));
    return { page, device, refusals, ...(await person(server)) };
  }

  /** Signs in with the password, and creates the offered passkey. */
  async function withPasskey(): Promise<Visited> {
    const visited = await visit();
    const { page, email } = visited;
    await page.goto(account());
    await signIn(page, { login: email, password: PASSWORD });
    await page.waitForSelector('.page-sign-in-passkey-offer');
    await page.click('button[data-passkey]');
    await page.waitForURL(account());
    return visited;
  }

  const signOut = ({ page }: Pick<Visited, 'page'>): Promise<void> => page.context().clearCookies();

  /**
   * Removes the passkeys of the device while the page opens and restores them afterwards. Otherwise, autofill would
   * use one immediately.
   */
  async function openWithoutAutofill({ page, device }: Visited, url = account()): Promise<void> {
    const held = await device.credentials();
    await device.clear();
    await page.goto(url);
    await page.waitForSelector('button[data-passkey]:visible');
    for (const credential of held) await device.add(credential);
  }

  it('are offered after a sign-in, created, and sign in by autofill', async () => {
    const visited = await withPasskey();
    const { page, device, id, refusals } = visited;
    expect(await device.credentials()).to.have.length(1);
    await signOut(visited);
    // the device responds to the conditional request of the sign-in page without a click
    await page.goto(account());
    await page.waitForURL(account());
    expect(await heading(page)).to.equal('My account');
    expect((await server.domain.passkeys.list(id))[0]?.lastUsedAt).to.be.instanceOf(Date);
    expect(refusals).to.deep.equal([]);
  });

  it('are offered once', async () => {
    const { page, email } = await visit();
    for (const isOffered of [true, false]) {
      await page.goto(account());
      await signIn(page, { login: email, password: PASSWORD });
      if (isOffered) {
        await page.waitForSelector('.page-sign-in-passkey-offer');
        await page.getByRole('button', { name: 'Not now' }).click();
      }
      await page.waitForURL(account());
      await signOut({ page });
    }
  });

  it('are created on a second device, renamed and removed, and the devices learn of it', async () => {
    const visited = await withPasskey();
    const { page, device, id } = visited;
    const [first] = await device.credentials();
    await device.clear();
    await page.goto(`${server.url}/account/passkeys/new`);
    await page.click('button.primary[data-passkey]');
    await page.getByText('The passkey was created.').waitFor();
    expect(await server.domain.passkeys.list(id)).to.have.length(2);
    const [second] = await device.credentials();
    expect(second?.userHandle).to.equal(first?.userHandle);
    const rows = page.locator('.rows > li', { has: page.locator('form[action="/account/passkeys/remove"]') });
    await rows.first().locator('summary').click();
    await rows.first().locator('input[name=name]').fill('Old phone');
    await rows.first().locator('details button').click();
    await page.getByText('The passkey was renamed.').waitFor();
    expect((await server.domain.passkeys.list(id))[0]?.name).to.equal('Old phone');
    await page.locator('form[action="/account/passkeys/remove"] button').first().click();
    await page.getByText('The passkey was removed.').waitFor();
    expect(await server.domain.passkeys.list(id)).to.have.length(1);
  });

  it('are created once on a device', async () => {
    const { page } = await withPasskey();
    await page.goto(`${server.url}/account/passkeys/new`);
    await page.click('button.primary[data-passkey]');
    await page.getByText('This device already has a passkey for your account.').waitFor();
  });

  it('sign in by the button', async () => {
    const visited = await withPasskey();
    await signOut(visited);
    await openWithoutAutofill(visited);
    await visited.page.click('button[data-passkey]');
    await visited.page.waitForURL(account());
  });

  it('that were removed do not sign in, and the password does', async () => {
    const visited = await withPasskey();
    const { page, id, email } = visited;
    const [passkey] = await server.domain.passkeys.list(id);
    await server.domain.removePasskey(id, passkey?.id ?? '');
    await signOut(visited);
    await openWithoutAutofill(visited);
    await page.click('button[data-passkey]');
    await page.getByText('This passkey has been removed from its account.').waitFor();
    await page.getByRole('link', { name: 'Use your password' }).click();
    await signIn(page, { login: email, password: PASSWORD });
    await page.waitForURL(account());
  });

  it('need their user verified: the browser refuses, and so does the server', async () => {
    const visited = await withPasskey();
    const { page, device } = visited;
    await signOut(visited);
    await openWithoutAutofill(visited);
    await device.setVerified(false);
    await page.click('button[data-passkey]');
    await page.waitForTimeout(300);
    expect(page.url()).to.include('/interaction/');
    // a browser that does not insist on user verification
    await page.route('**/passkey/options', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ json: { ...(await answer.json()), userVerification: 'discouraged' } });
    });
    await page.click('button[data-passkey]');
    await page.getByText('The passkey could not be verified.').waitFor();
  });

  it('are refused when their counter goes back', async () => {
    const visited = await withPasskey();
    const { page, device, id } = visited;
    const [copy] = await device.credentials();
    await signOut(visited);
    await page.goto(account());
    await page.waitForURL(account());
    await device.clear();
    if (copy) await device.add({ ...copy, signCount: 0 });
    await signOut(visited);
    await openWithoutAutofill(visited);
    await page.click('button[data-passkey]');
    await page.getByText('The passkey could not be verified.').waitFor();
    const events = await server.database.knex('audit').where({ account_id: id, event: 'passkey.copied' });
    expect(events).to.have.length(1);
  });

  it('are refused from another origin, and with a challenge of another browser', async () => {
    const visited = await withPasskey();
    const [held] = await visited.device.credentials();
    // another browser starts a sign-in; its challenge is used at another port of the same host
    const victim = await accountContext();
    await victim.page.goto(account());
    await victim.page.waitForSelector('button[data-passkey]:visible');
    const other = await accountContext();
    const device = await virtualAuthenticator(other.page);
    if (held) await device.add(held);
    await other.page.goto(`${party.url}/page`);
    const form = 'form[data-ceremony]';
    const options = await victim.page.$eval(form, async (element) => {
      const { dataset, elements } = element as HTMLFormElement;
      const body = new URLSearchParams({ csrf: (elements.namedItem('csrf') as HTMLInputElement).value });
      return (await fetch(dataset.options ?? '', { method: 'POST', body })).json();
    });
    const credential = await other.page.evaluate(async (asked) => {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked);
      return JSON.stringify(await navigator.credentials.get({ publicKey }));
    }, options);
    await victim.page.$eval(
      form,
      (element, value) => {
        const one = element as HTMLFormElement;
        (one.elements.namedItem('credential') as HTMLInputElement).value = value;
        one.requestSubmit();
      },
      credential,
    );
    await victim.page.getByText('The passkey could not be verified.').waitFor();
  });

  it('satisfy a client that wants two factors', async () => {
    const visited = await withPasskey();
    await signOut(visited);
    const request = authorizationUrl(server.url, pkce().challenge, {
      client_id: 'page-app',
      redirect_uri: `${party.url}/page/cb`,
      acr_values: MFA.acr,
    });
    await openWithoutAutofill(visited, request);
    await visited.page.click('button[data-passkey]');
    await visited.page.waitForSelector('.grants');
  });

  it('are not offered in a browser without them, and nothing changes without JavaScript', async () => {
    const { page } = await accountContext({ javaScriptEnabled: false });
    const { email } = await person(server);
    await page.goto(account());
    expect(await page.locator('button[data-passkey]').isVisible()).to.equal(false);
    await signIn(page, { login: email, password: PASSWORD });
    await page.waitForURL(account());
  });
});
