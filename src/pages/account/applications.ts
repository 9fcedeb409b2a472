import type { Middleware } from 'koa';
import type { Consents } from '../../domain/consents/consents.ts';
import { shownName } from '../kit/client-card.ts';
import { momentWriter } from '../page-data/moment.ts';
import { portion } from '../page-data/portion.ts';
import { type AccountArea, accountPage, withOutcome } from './account-page.ts';
import { withRecentSignIn } from './recent-sign-in.ts';

interface Deps {
  consents: Pick<Consents, 'list' | 'withdraw'>;
  timeZone: string;
}

const PATH = '/account/applications';
const ON_PAGE = 6;

/** `/account/applications`: the access that the person has granted to clients, and its withdrawal. */
export function applicationsPage(area: AccountArea, { consents, timeZone }: Deps): Middleware {
  const written = momentWriter(timeZone);
  return accountPage(area, {
    name: 'account/applications',
    path: PATH,
    outcomes: ['consent_withdrawn'],
    async load({ account, isRecentlyAuthenticated }, _sent, ctx) {
      const { shown, ...rest } = portion(await consents.list(account.id), ON_PAGE, ctx);
      return {
        needsRecentSignIn: !isRecentlyAuthenticated,
        ...rest,
        applications: shown.map(({ clientId, clientName, resources, grantedAt, lastUsedAt, ...allowed }) => ({
          ...allowed,
          clientId,
          client: shownName(clientName ?? clientId),
          resources: Object.entries(resources).map(([identifier, scopes]) => ({ identifier, scopes })),
          grantedAt: written(grantedAt),
          lastUsedAt: written(lastUsedAt),
        })),
      };
    },
    forms: [
      {
        action: '/account/applications/withdraw',
        once: true,
        submit: withRecentSignIn(async ({ client = '' }, { account }, { state: { requestId } }) => {
          await consents.withdraw(account.id, client, { requestId });
          return withOutcome(PATH, 'consent_withdrawn');
        }),
      },
    ],
  });
}
