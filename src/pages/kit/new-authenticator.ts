import type { Context } from 'koa';
import type { Account } from '../../domain/accounts/account.ts';
import type { SecondFactors } from '../../domain/second-factors/second-factors.ts';
import { totpUri } from '../../domain/second-factors/totp.ts';
import { inLanguage, type Locale } from '../../domain/values/locale.ts';
import { AppError } from '../../errors/app-error.ts';
import type { NewAuthenticator } from '../page-data/second-factor-data.ts';
import { knownPerson } from './known-person.ts';
import { qrCode } from './qr-code.ts';
import { pageLocale } from './show.ts';

export interface NewAuthenticators {
  /** Returns the app that an account is setting up: the one that awaits confirmation, or a new one. */
  of(ctx: Context, accountId: number): Promise<NewAuthenticator>;
}

interface Deps {
  secondFactors: Pick<SecondFactors, 'begin' | 'pending'>;
  accounts: { find(id: number): Promise<Account | undefined> };
  productName: Readonly<Record<Locale, string>>;
  /** The name of a new app until its owner changes it. */
  appName: Readonly<Record<Locale, string>>;
}

export const newAuthenticators = ({
  secondFactors,
  accounts,
  productName,
  appName,
}: Deps): NewAuthenticators => ({
  async of(ctx, accountId) {
    const account = await accounts.find(accountId);
    if (!account) throw new AppError('ACCOUNT_NOT_FOUND');
    const locale = pageLocale(ctx, undefined);
    const secret =
      (await secondFactors.pending(accountId)) ??
      (await secondFactors.begin(accountId, inLanguage(appName, locale))).secret;
    const uri = totpUri({
      secret,
      issuer: inLanguage(productName, locale),
      label: knownPerson(account).identifier,
    });
    return { secret, qr: qrCode(uri) };
  },
});
