import type { AccountPageData, AccountPageName } from '../page-data/account-data.ts';
import type { Translate } from './translations.ts';

type Titles = { readonly [Page in AccountPageName]: (data: AccountPageData[Page], t: Translate) => string };

/** The headings of the pages of the account area. */
export const ACCOUNT_TITLES: Titles = {
  'account/overview': (_, t) => t('account.overview.title'),
  'account/profile': (_, t) => t('account.profile.title'),
  'account/picture': (_, t) => t('account.picture.title'),
  'account/password': ({ hasPassword }, t) =>
    t(hasPassword ? 'account.password.title' : 'account.password.title_first'),
  'account/security': (_, t) => t('account.security.title'),
  'account/security-code': ({ factor }, t) => t(`account.security.${factor}.title`),
  'account/authenticator': (_, t) => t('second_factor.new_title'),
  'account/passkey': (_, t) => t('passkey.new_title'),
  'account/email': (_, t) => t('account.email.title'),
  'account/mobile': (_, t) => t('account.mobile.title'),
  'account/mobile-code': (_, t) => t('account.mobile_code.title'),
  'account/sessions': (_, t) => t('account.sessions.title'),
  'account/applications': (_, t) => t('account.applications.title'),
  'account/approvals': (_, t) => t('account.approvals.title'),
  'account/consents': (_, t) => t('account.consents.title'),
  'account/lookups': (_, t) => t('account.lookups.title'),
  'account/linked': (_, t) => t('account.linked.title'),
  'account/export': (_, t) => t('account.export.title'),
  'account/delete': (_, t) => t('account.delete.title'),
};
