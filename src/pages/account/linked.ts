import type { Middleware } from 'koa';
import type { LinkedAccounts } from '../../domain/settings/linked-accounts.ts';
import { momentWriter } from '../page-data/moment.ts';
import { type AccountArea, accountPage, withOutcome } from './account-page.ts';
import { withRecentSignIn } from './recent-sign-in.ts';

interface Deps {
  linkedAccounts: LinkedAccounts;
  timeZone: string;
}

const PATH = '/account/linked';

/** `/account/linked`: the accounts elsewhere that this one is linked to. */
export function linkedPage(area: AccountArea, { linkedAccounts, timeZone }: Deps): Middleware {
  const written = momentWriter(timeZone);
  return accountPage(area, {
    name: 'account/linked',
    path: PATH,
    outcomes: ['link_removed'],
    async load({ account, isRecentlyAuthenticated }) {
      const links = await linkedAccounts.list(account);
      return {
        needsRecentSignIn: !isRecentlyAuthenticated,
        links: links.map(({ provider, externalId, removable, createdAt }) => ({
          provider,
          externalId,
          removable,
          since: written(createdAt),
        })),
      };
    },
    forms: [
      {
        action: '/account/linked/remove',
        once: true,
        submit: withRecentSignIn(async ({ provider = '' }, { account }, { state: { requestId } }) => {
          await linkedAccounts.remove(account.id, provider, { requestId });
          return withOutcome(PATH, 'link_removed');
        }),
      },
    ],
  });
}
