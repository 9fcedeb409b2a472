import type { Page } from 'playwright-core';
import { newNationalId } from '../apis/customers/customers-client.ts';
import type { TestServer } from '../support/server.ts';
import { SOMCHAI } from '../support/sign-in.ts';

/** Fills in the login page and submits it. */
export async function signIn(
  page: Page,
  { login, password }: { login: string; password: string } = SOMCHAI,
): Promise<void> {
  await page.fill('#login', login);
  await page.fill('#password', password);
  await page.click('.primary');
}

/** Presses the primary button of a page. */
export const agree = (page: Page): Promise<void> => page.click('.primary');

export const heading = (page: Page): Promise<string> => page.locator('h1').innerText();

/** Consents, unless an earlier test has, and waits for the end. */
export async function consentOnce(page: Page): Promise<void> {
  await page.waitForSelector('.grants, .done');
  if (await page.locator('.grants').isVisible()) await agree(page);
  await page.waitForSelector('.done');
}

/** The code of the newest SMS to a number in national form. */
export async function codeTo({ domain }: Pick<TestServer, 'domain'>, mobile: string): Promise<string> {
  const [newest] = await domain.outbox.list({ to: mobile.replace(/^0/, '+66'), limit: 1 });
  return /\d{6}/.exec(newest?.text ?? '')?.[0] ?? '';
}

/** Enters a code. With JavaScript, the form submits itself. */
export async function enterCode(page: Page, code: string, press = agree): Promise<void> {
  await page.fill('#code', code);
  if ((await page.locator('form[data-one-time-code]:not([aria-busy])').count()) > 0) await press(page);
}

/** Enters a number in the first step, and its code in the second. */
export async function proveMobile(
  page: Page,
  server: Pick<TestServer, 'domain'>,
  field: '#mobile' | '#login',
  mobile: string,
): Promise<void> {
  await page.fill(field, mobile);
  await agree(page);
  await page.waitForSelector('#code');
  await enterCode(page, await codeTo(server, mobile));
}

/** Fills in the data of a new person, and continues. */
export async function fillInIdentity(page: Page): Promise<void> {
  await page.waitForSelector('#firstName');
  await page.selectOption('#title', '3');
  await page.fill('#firstName', 'ฝอย');
  await page.fill('#lastName', 'ขัดหม้อ');
  await page.fill('#birthDate', '2001-04-03');
  await page.fill('#thaiId', newNationalId());
  await page.dblclick('.primary');
  await page.waitForSelector('#password');
}

/** The same, and fills in the password. */
export async function fillInPerson(page: Page, password: string): Promise<void> {
  await fillInIdentity(page);
  await page.fill('#password', password);
}
