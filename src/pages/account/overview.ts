import type { Middleware } from 'koa';
import { type Account, type ContactKind, mainContact } from '../../domain/accounts/account.ts';
import type { Approvals } from '../../domain/approvals/approvals.ts';
import type { Consents } from '../../domain/consents/consents.ts';
import type { Sessions } from '../../domain/sessions/sessions.ts';
import { unconfirmedContacts } from '../../domain/settings/contact-confirmation.ts';
import type { LinkedAccounts } from '../../domain/settings/linked-accounts.ts';
import type { MethodName } from '../../domain/sign-in/methods.ts';
import { nationalMobile } from '../../domain/values/mobile.ts';
import { profileName } from '../../domain/values/person-name.ts';
import { ACCOUNT_PATH } from '../kit/paths.ts';
import type { ShownContact } from '../page-data/account-data.ts';
import { dayWriter } from '../page-data/days.ts';
import { momentWriter } from '../page-data/moment.ts';
import { type AccountArea, accountPage } from './account-page.ts';
import { byDevice, deviceOf } from './devices.ts';

/** The contact of a kind that is shown to its owner, as people write it. */
export function shownContact(account: Account, kind: ContactKind): ShownContact | undefined {
  const contact = mainContact(account, kind);
  if (!contact) return undefined;
  const value = kind === 'mobile' ? nationalMobile(contact.value) : contact.value;
  return { value, verified: contact.verified };
}

interface Deps {
  approvals: Pick<Approvals, 'waiting'>;
  sessions: Pick<Sessions, 'list'>;
  consents: Pick<Consents, 'list'>;
  linkedAccounts: Pick<LinkedAccounts, 'list'>;
  methodsOf: (account: Account) => Promise<readonly MethodName[]>;
  /** The IANA name of the time zone in which days are shown. */
  timeZone: string;
}

/** `/account`: the person's identity, the account's security, and links to all other pages. */
export function overviewPage(area: AccountArea, deps: Deps): Middleware {
  const { sessions, consents, linkedAccounts, methodsOf, approvals, timeZone } = deps;
  const written = dayWriter(timeZone);
  const writtenMoment = momentWriter(timeZone);
  return accountPage(area, {
    name: 'account/overview',
    path: ACCOUNT_PATH,
    async load({ account, sessionUid, signedInAt }) {
      const [browsers, applications, linked, methods, waiting] = await Promise.all([
        sessions.list(account.id),
        consents.list(account.id),
        linkedAccounts.list(account),
        methodsOf(account),
        approvals.waiting(account.id),
      ]);
      const own = browsers.find(({ uid }) => uid === sessionUid);
      return {
        name: profileName(account.profile) ?? undefined,
        pictureId: account.pictureId,
        mobile: shownContact(account, 'mobile'),
        email: shownContact(account, 'email'),
        isAskedForContacts: unconfirmedContacts(account).length > 0,
        isAskedForApproval: waiting.length > 0,
        madeOn: written(account.createdAt),
        methods,
        session: {
          device: deviceOf(own),
          signedInAt: writtenMoment(own?.signedInAt ?? new Date(signedInAt * 1000)),
        },
        counts: {
          devices: byDevice(browsers, { own: sessionUid, written: writtenMoment }).length,
          applications: applications.length,
          linked: linked.length,
        },
      };
    },
  });
}
