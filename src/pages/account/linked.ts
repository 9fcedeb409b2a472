import type { Middleware } from 'koa';
import type { LinkedAccounts } from '../../domain/settings/linked-accounts.ts';
import { LINKED_PATHS } from '../kit/paths.ts';
import { shownProvider } from '../kit/shown-provider.ts';
import { LINK_FAILURES } from '../page-data/access-data.ts';
import { momentWriter } from '../page-data/moment.ts';
import { type AccountArea, accountPage, withOutcome } from './account-page.ts';
import { addLinkForm, type LinkAccountDeps } from './link-account.ts';
import { withRecentSignIn } from './recent-sign-in.ts';

interface Deps extends LinkAccountDeps {
  linkedAccounts: LinkedAccounts;
  timeZone: string;
}

/** `/account/linked`: the accounts at other providers that are linked to this one. */
export function linkedPage(area: AccountArea, deps: Deps): Middleware {
  const { linkedAccounts, providers } = deps;
  const written = momentWriter(deps.timeZone);
  return accountPage(area, {
    name: 'account/linked',
    path: LINKED_PATHS.list,
    outcomes: ['link_removed', 'link_added'],
    async load({ account, isRecentlyAuthenticated }, _sent, ctx) {
      const links = await linkedAccounts.list(account);
      const nameOf = (binding: string) => providers.list.find((one) => one.binding === binding)?.name;
      const others = providers.list.filter(
        ({ binding }) => !links.some(({ provider }) => provider === binding),
      );
      return {
        needsRecentSignIn: !isRecentlyAuthenticated,
        failed: LINK_FAILURES.find((failure) => failure === ctx.query.failed),
        add:
          others.length === 0
            ? undefined
            : { action: LINKED_PATHS.add, providers: others.map(shownProvider) },
        links: links.map(({ provider, externalId, removable, createdAt }) => ({
          provider,
          name: nameOf(provider),
          externalId,
          removable,
          since: written(createdAt),
        })),
      };
    },
    forms: [
      {
        action: LINKED_PATHS.remove,
        once: true,
        submit: withRecentSignIn(async ({ provider = '' }, { account }, { state: { requestId } }) => {
          await linkedAccounts.remove(account.id, provider, { requestId });
          return withOutcome(LINKED_PATHS.list, 'link_removed');
        }),
      },
      addLinkForm(deps),
    ],
  });
}
