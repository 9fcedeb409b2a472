import type { AccountPageData, AccountPageName } from '../page-data/account-data.ts';
import type { Say } from './words.ts';

type Titles = { readonly [Page in AccountPageName]: (data: AccountPageData[Page], say: Say) => string };

/** The headings of the account area's pages. */
export const ACCOUNT_TITLES: Titles = {
  'account-overview': (_, say) => say('account.overview.title'),
  'account-profile': (_, say) => say('account.profile.title'),
  'account-picture': (_, say) => say('account.picture.title'),
  'account-password': ({ hasPassword }, say) =>
    say(hasPassword ? 'account.password.title' : 'account.password.title_first'),
  'account-email': (_, say) => say('account.email.title'),
  'account-mobile': (_, say) => say('account.mobile.title'),
  'account-mobile-code': (_, say) => say('account.mobile_code.title'),
  'account-sessions': (_, say) => say('account.sessions.title'),
  'account-applications': (_, say) => say('account.applications.title'),
  'account-lookups': (_, say) => say('account.lookups.title'),
  'account-linked': (_, say) => say('account.linked.title'),
  'account-export': (_, say) => say('account.export.title'),
  'account-delete': (_, say) => say('account.delete.title'),
};
