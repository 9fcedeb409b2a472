import type { Middleware } from 'koa';
import { type Account, type ContactKind, mainContact } from '../../domain/accounts/account.ts';
import { unconfirmedContacts } from '../../domain/settings/contact-confirmation.ts';
import { nationalMobile } from '../../domain/values/mobile.ts';
import { profileName } from '../../domain/values/person-name.ts';
import type { ShownContact } from '../page-data/account-data.ts';
import { dayWriter } from '../page-data/days.ts';
import { ACCOUNT_PATH } from './account-context.ts';
import { type AccountArea, accountPage } from './account-page.ts';

/** The contact of a kind that its owner is shown, as people write it. */
export function shownContact(account: Account, kind: ContactKind): ShownContact | undefined {
  const contact = mainContact(account, kind);
  if (!contact) return undefined;
  const value = kind === 'mobile' ? nationalMobile(contact.value) : contact.value;
  return { value, verified: contact.verified };
}

/** `/account`: who one is here, and the way to everything else. `timeZone`: IANA name, where days are told. */
export function overviewPage(area: AccountArea, { timeZone }: { timeZone: string }): Middleware {
  const written = dayWriter(timeZone);
  return accountPage(area, {
    name: 'account/overview',
    path: ACCOUNT_PATH,
    async load({ account }) {
      return {
        name: profileName(account.profile) ?? undefined,
        pictureId: account.pictureId,
        mobile: shownContact(account, 'mobile'),
        email: shownContact(account, 'email'),
        isAskedForContacts: unconfirmedContacts(account).length > 0,
        madeOn: written(account.createdAt),
      };
    },
  });
}
