import type { Page } from 'playwright-core';
import type { Locale } from '../../src/domain/values/locale.ts';
import { randomHex } from '../../src/lib/ids.ts';
import { newMobile } from '../apis/customers/customers-client.ts';
import type { TestServer } from '../support/server.ts';
import { authorizationUrl, pkce } from '../support/sign-in.ts';
import { accountTour } from './account-tour.ts';
import { deviceCodes } from './device.ts';
import { PAGE_CLIENT, type RelyingParty } from './relying-party.ts';
import { agree, codeTo, consentOnce, enterCode, fillInPerson, signIn } from './steps.ts';

interface Tour {
  server: TestServer;
  party: RelyingParty;
  page: Page;
  locale: Locale;
  /** Called with the name of each page while it is shown. */
  look(name: string): Promise<void>;
}

/** The link in the newest mail to an address. */
async function mailedLink({ domain }: TestServer, to: string): Promise<string> {
  const [mail] = await domain.outbox.list({ to, limit: 1 });
  return /https?:\/\/\S+/.exec(mail?.text ?? '')?.[0] ?? '';
}

/** Visits the other methods of a sign-in, each to its end. */
async function stepsTour({ server, page, look }: Pick<Tour, 'server' | 'page' | 'look'>): Promise<void> {
  const at = new URL(page.url()).pathname.replace(/\/login$/, '');
  const mobile = newMobile();
  const see = async (name: string, path: string): Promise<void> => {
    await page.goto(server.url + path);
    await look(name);
  };
  await see('sign-in-code', `${at}/sms`);
  await see('forgot-password', `${at}/forgot-password`);
  await see('register', `${at}/register`);
  await page.fill('#mobile', mobile);
  await agree(page);
  await page.waitForSelector('#code');
  await look('code');
  await page.fill('#code', '12345');
  await agree(page);
  await page.waitForSelector('[role=alert]');
  await look('code-failed');
  await enterCode(page, await codeTo(server, mobile));
  await page.waitForSelector('#firstName');
  await look('register-details');
  await fillInPerson(page, 'short-1');
  await look('register-account');
  await agree(page);
  await page.waitForSelector('[role=alert]');
  await look('register-account-failed');
  await see('register-done', '/register/done');

  const known = newMobile();
  await server.domain.lifecycle.create({ contacts: [{ kind: 'mobile', value: known, verified: true }] });
  await page.goto(`${server.url}/forgot-password`);
  await page.fill('#login', known);
  await agree(page);
  await page.waitForSelector('#code');
  await enterCode(page, await codeTo(server, known));
  await page.waitForSelector('#password');
  await look('new-password');
  await see('forgot-password-done', '/forgot-password/done');
}

/** Visits every page, in the order in which a person could see them. */
export async function tour({ server, party, page, locale, look }: Tour): Promise<void> {
  const { url } = server;
  const see = async (name: string, path: string): Promise<void> => {
    await page.goto(url + path);
    await look(name);
  };

  await see('home', `/?lang=${locale}`);
  await see('outbox', '/dev/outbox');
  await see('outbox-empty', '/dev/outbox?to=0899999999');

  const request = authorizationUrl(url, pkce().challenge, {
    client_id: PAGE_CLIENT,
    redirect_uri: `${party.url}/page/cb`,
    scope: 'openid profile email phone offline_access',
    prompt: 'consent',
  });
  await page.goto(request);
  await look('login');
  await signIn(page, { login: 'nobody@example.com', password: 'wrong-password' });
  await page.waitForSelector('[role=alert]');
  await look('login-failed');
  await stepsTour({ server, page, look });
  await page.goto(request);
  await signIn(page);
  await page.waitForSelector('.grants');
  await look('consent');
  await agree(page);
  await page.waitForURL(`${party.url}/page/cb?*`);
  await page.goto(request.replace('prompt=consent', 'prompt=select_account'));
  await look('select-account');
  await page.goto(request.replace('prompt=consent', 'prompt=login'));
  await look('login-again');

  await see('device-input', '/device');
  await page.fill('#user_code', 'BBBB-BBBB');
  await agree(page);
  await page.waitForSelector('[role=alert]');
  await look('device-input-failed');
  await page.fill('#user_code', (await deviceCodes(server)).user_code);
  await agree(page);
  await page.waitForSelector('.code-shown');
  await look('device-confirm');
  await agree(page);
  await consentOnce(page);
  await look('device-done');

  await accountTour({ page, locale, see, look });
  await see('logout', `/oauth/logout?client_id=${PAGE_CLIENT}`);
  await agree(page);
  await page.waitForSelector('.done');
  await look('signed-out');

  const email = `tour-${randomHex(32)}@example.com`;
  const origin = { address: '127.0.0.1' };
  await server.domain.activation.signUp({ email, name: 'Tour', locale, origin });
  await page.goto(await mailedLink(server, email));
  await look('activate');
  await page.fill('#password', 'short');
  await page.fill('#password_check', 'other');
  await agree(page);
  await page.waitForSelector('[role=alert]');
  await look('activate-failed');
  await see('request-reset', '/reset-password/request');
  await page.fill('#login', email);
  await agree(page);
  await page.waitForSelector('#code');
  await look('reset-password');
  await page.goto(await mailedLink(server, email));
  await look('reset-password-linked');
  await page.fill('#login', email);
  await page.fill('#password', `horse-battery-${locale}`);
  await agree(page);
  await page.waitForSelector('.done');
  await look('password-set');

  await see('error', '/oauth/authorize?client_id=unknown');
  await see('not-found', '/nothing-here');
  await see('start-again', '/interaction/gone');
}
