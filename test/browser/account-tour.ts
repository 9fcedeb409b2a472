import type { Page } from 'playwright-core';
import type { Locale } from '../../src/domain/values/locale.ts';
import { agree } from './steps.ts';

interface AccountTour {
  page: Page;
  locale: Locale;
  /** Opens a path and checks its page. */
  see(name: string, path: string): Promise<void>;
  look(name: string): Promise<void>;
}

/** The pages of the account area, for a person who has just signed in. */
export async function accountTour({ page, locale, see, look }: AccountTour): Promise<void> {
  await see('account', '/account');
  await see('account-profile', '/account/profile');
  await page.fill('#lastName', '12345');
  await agree(page);
  await page.waitForSelector('[role=alert]');
  await look('account-profile-failed');
  await see('account-picture', '/account/picture');
  await see('account-email', '/account/email');
  await page.fill('#email', `somchai-${locale}@example.com`);
  await agree(page);
  await page.waitForSelector('.waiting');
  await look('account-email-waiting');
  await see('account-mobile', '/account/mobile');
  await page.fill('#mobile', locale === 'th' ? '0898765401' : '0898765402');
  await agree(page);
  await page.waitForSelector('#code');
  await look('account-mobile-code');
  await see('account-password', '/account/password');
  for (const name of ['sessions', 'applications', 'linked', 'lookups', 'consents', 'export', 'delete']) {
    await see(`account-${name}`, `/account/${name}`);
  }
  await page.fill('#confirmation', 'no');
  await agree(page);
  await page.waitForSelector('[role=alert]');
  await look('account-delete-failed');
  await see('deleted-account', '/account/delete/done');
}
