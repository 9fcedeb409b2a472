import type { Page } from 'playwright-core';
import type { Locale } from '../../src/pages/locale.ts';
import type { TestServer } from '../support/server.ts';
import { authorizationUrl, pkce } from '../support/sign-in.ts';
import { deviceCodes } from './device.ts';
import { PAGE_CLIENT, type RelyingParty } from './relying-party.ts';
import { agree, consentOnce, signIn } from './steps.ts';

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

/** Every page there is, in the order in which a person could see them. */
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
  await signIn(page);
  await page.waitForSelector('.grants');
  await look('consent');
  await agree(page);
  await page.waitForURL(`${party.url}/page/cb?*`);

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

  await see('logout', `/oauth/logout?client_id=${PAGE_CLIENT}`);
  await agree(page);
  await page.waitForSelector('.done');
  await look('signed-out');

  const email = `tour-${locale}@example.com`;
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
