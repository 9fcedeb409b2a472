import { expect } from 'chai';
import { newMobile } from '../apis/customers/customers-client.ts';
import { accountContext, endVisits } from '../support/chromium.ts';
import type { TestServer } from '../support/server.ts';
import { authorizationUrl, pkce } from '../support/sign-in.ts';
import { type RelyingParty, testParty } from './relying-party.ts';
import { agree, codeTo, enterCode, fillInPerson, heading, proveMobile, signIn } from './steps.ts';

const PASSWORD = 'correct-horse-battery';
const NEXT = 'another-horse-battery';

describe('proving a mobile with a browser', () => {
  let server: TestServer;
  let party: RelyingParty;

  before(async () => {
    ({ server, party } = await testParty());
  });
  afterEach(endVisits);

  const request = (state = 'state-1'): string =>
    authorizationUrl(server.url, pkce().challenge, {
      client_id: 'page-app',
      redirect_uri: `${party.url}/page/cb`,
      prompt: 'consent',
      state,
    });

  async function holder(): Promise<string> {
    const mobile = newMobile();
    await server.domain.lifecycle.create({
      password: PASSWORD,
      contacts: [{ kind: 'mobile', value: mobile, verified: true }],
    });
    return mobile;
  }

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? 'with JavaScript' : 'without JavaScript';

    it(`registers and goes on to the client, ${how}`, async () => {
      const { page, refusals } = await accountContext({ javaScriptEnabled });
      const mobile = newMobile();
      await page.goto(request());
      await page.getByRole('link', { name: 'Create an account' }).click();
      await proveMobile(page, server, '#mobile', mobile);
      await fillInPerson(page, PASSWORD);
      await page.dblclick('.primary');
      await page.waitForSelector('.grants');
      expect(await page.locator('.account strong').innerText()).to.equal('ฝอย ขัดหม้อ');
      await agree(page);
      await page.waitForURL(`${party.url}/page/cb?*code=*`);
      expect(refusals).to.deep.equal([]);
    });

    it(`sets a new password and goes on to the client, ${how}`, async () => {
      const { page, refusals } = await accountContext({ javaScriptEnabled });
      const mobile = await holder();
      await page.goto(request());
      await page.getByRole('link', { name: 'Forgot your password?' }).click();
      await proveMobile(page, server, '#login', mobile);
      await page.waitForSelector('#password');
      await page.fill('#password', NEXT);
      await page.dblclick('.primary');
      await page.waitForSelector('.grants');
      await agree(page);
      await page.waitForURL(`${party.url}/page/cb?*code=*`);
      expect(refusals).to.deep.equal([]);
    });

    it(`signs in with a code that is sent by a double click, ${how}`, async () => {
      const { page } = await accountContext({ javaScriptEnabled });
      const mobile = await holder();
      await page.goto(request());
      await page.getByRole('link', { name: 'Sign in with an SMS code' }).click();
      await page.fill('#login', mobile);
      await page.dblclick('.primary');
      await page.waitForSelector('#code');
      await enterCode(page, await codeTo(server, mobile), () => page.dblclick('.primary'));
      await page.waitForSelector('.grants');
      await agree(page);
      await page.waitForURL(`${party.url}/page/cb?*code=*`);
    });
  }

  it('keeps two sign-ins in two tabs apart', async () => {
    const { page, context } = await accountContext();
    const other = await context.newPage();
    const [one, two] = [await holder(), await holder()];
    await page.goto(request('first'));
    await other.goto(request('second'));
    for (const [tab, mobile] of [
      [page, one],
      [other, two],
    ] as const) {
      await tab.getByRole('link', { name: 'Sign in with an SMS code' }).click();
      await tab.fill('#login', mobile);
      await agree(tab);
      await tab.waitForSelector('#code');
    }
    expect(await page.locator('.heading').innerText()).to.include(one);
    await enterCode(page, await codeTo(server, one));
    await page.waitForSelector('.grants');
    await agree(page);
    await page.waitForURL(`${party.url}/page/cb?*`);
    expect(new URL(page.url()).searchParams.get('state')).to.equal('first');
    await other.reload();
    expect(await other.locator('.heading').innerText()).to.include(two);
  });

  it('can go back to another number, and load every page again', async () => {
    const { page } = await accountContext();
    const [wrong, right] = [newMobile(), newMobile()];
    await page.goto(`${server.url}/register?lang=en`);
    await page.fill('#mobile', wrong);
    await agree(page);
    await page.waitForSelector('#code');
    await page.reload();
    expect(await heading(page)).to.equal('Enter the code');
    await page.goBack();
    await page.waitForSelector('#mobile');
    await proveMobile(page, server, '#mobile', right);
    await page.waitForSelector('#firstName');
    await page.reload();
    await fillInPerson(page, PASSWORD);
    expect(await page.inputValue('#mobile')).to.equal(right);
    await page.reload();
    await page.click('text=Back to your details');
    expect(await page.inputValue('#lastName')).to.equal('ขัดหม้อ');
    await agree(page);
    await page.waitForSelector('#password');
    await page.fill('#password', PASSWORD);
    await agree(page);
    await page.waitForSelector('.done');
    expect(await heading(page)).to.equal('Your account is ready');
    await page.goBack();
    await page.waitForSelector('#mobile:not([readonly])');
  });

  it('switches the language between the steps', async () => {
    const { page } = await accountContext();
    await page.goto(`${server.url}/register`);
    await page.fill('#mobile', newMobile());
    await agree(page);
    await page.waitForSelector('#code');
    await page.click('text=ไทย');
    await page.waitForSelector('html[lang=th]');
    expect(await heading(page)).to.equal('กรอกรหัส');
  });

  it('leads back to the client when the sign-in is over meanwhile', async () => {
    const { page, context } = await accountContext();
    const mobile = newMobile();
    await page.goto(request('kept'));
    await page.getByRole('link', { name: 'Create an account' }).click();
    await proveMobile(page, server, '#mobile', mobile);
    await fillInPerson(page, PASSWORD);
    await context.clearCookies({ name: 'interaction' });
    await agree(page);
    await page.waitForSelector('input[name=password][autocomplete=current-password]');
    await signIn(page, { login: mobile, password: PASSWORD });
    await page.waitForSelector('.grants');
    await agree(page);
    await page.waitForURL(`${party.url}/page/cb?*`);
    expect(new URL(page.url()).searchParams.get('state')).to.equal('kept');
  });

  it('tells how to begin again when the sign-in is over before', async () => {
    const { page, context } = await accountContext();
    await page.goto(request());
    await page.getByRole('link', { name: 'Create an account' }).click();
    await page.fill('#mobile', newMobile());
    await agree(page);
    await page.waitForSelector('#code');
    await context.clearCookies({ name: 'interaction' });
    const answer = await page.reload();
    expect(answer?.status()).to.equal(400);
    await page.getByRole('link', { name: 'Start again' }).click();
    await page.waitForSelector('#password');
  });

  it('counts down to the next code, and says at once what is wrong with a field', async () => {
    const { page } = await accountContext();
    await page.goto(`${server.url}/register`);
    await page.fill('#mobile', '0812');
    await page.press('#mobile', 'Tab');
    expect(await page.locator('#mobile-wrong').innerText()).to.match(/10-digit/);
    const mobile = newMobile();
    await page.fill('#mobile', mobile);
    await page.press('#mobile', 'Tab');
    expect(await page.locator('#mobile-wrong').innerText()).to.equal('');
    await agree(page);
    await page.waitForSelector('#code');
    const again = page.locator('button[data-wait]');
    expect(await again.innerText()).to.match(/^Send a new code in \d+ s$/);
    expect(await again.isDisabled()).to.equal(true);
    await enterCode(page, await codeTo(server, mobile));
    await page.waitForSelector('#thaiId');
    const refused = async (field: string, wrong: string): Promise<void> => {
      await page.fill(field, wrong);
      await page.press(field, 'Tab');
      expect(await page.locator(`${field}-wrong`).innerText(), field).to.match(/\S/);
      expect(await page.getAttribute(field, 'aria-invalid'), field).to.equal('true');
    };
    await refused('#thaiId', '1234567890123');
    await refused('#firstName', '123');
    await page.fill('#thaiId', '3670301396484');
    expect(await page.getAttribute('#thaiId', 'aria-invalid')).to.equal(null);
    await fillInPerson(page, '');
    await refused('#email', 'nobody');
    await refused('#password', 'short');
  });

  it('groups a national ID while it is typed, and says how good a password is', async () => {
    const { page } = await accountContext();
    await page.goto(`${server.url}/register`);
    await proveMobile(page, server, '#mobile', newMobile());
    await page.waitForSelector('#thaiId');
    const typed = () => page.inputValue('#thaiId');
    await page.locator('#thaiId').pressSequentially('36703013');
    expect(await typed()).to.equal('3-6703-013');
    await page.press('#thaiId', 'Backspace');
    await page.press('#thaiId', 'Backspace');
    await page.press('#thaiId', 'Backspace');
    expect(await typed()).to.equal('3-6703');
    await page.press('#thaiId', 'ArrowLeft');
    await page.locator('#thaiId').pressSequentially('9');
    expect(await typed()).to.equal('3-6709-3');
    await page.locator('#thaiId').pressSequentially('8');
    expect(await typed()).to.equal('3-6709-83');
    await page.fill('#thaiId', '๓๖๗๐๓๐๑๓๙๖๔๘๔');
    expect(await typed()).to.equal('3-6703-01396-48-4');
    await page.fill('#thaiId', 'none');
    expect(await typed()).to.equal('none');

    await fillInPerson(page, '');
    const said = page.locator('.strength p');
    for (const [password, words] of [
      ['abc', 'Too short'],
      ['password1234', 'Too easy to guess'],
      ['ขัดหม้อ-ฝอย-1', 'Weak'],
      ['ฝอย-ขัดหม้อ', 'Do not use your name'],
      ['somchai1990', 'Weak'],
      ['river-stone-7', 'Good'],
      ['correct-horse-battery', 'Strong'],
    ] as const) {
      await page.fill('#password', password);
      expect(await said.innerText(), password).to.include(words);
    }
    expect(await page.locator('meter').isVisible()).to.equal(true);
    await page.fill('#password', '');
    expect(await said.innerText()).to.equal('');
    expect(await page.locator('meter').isVisible()).to.equal(false);
  });
});
