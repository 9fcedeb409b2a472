import type { Middleware } from 'koa';
import type { Lookups } from '../../domain/partners/lookups.ts';
import { shownName } from '../kit/client-card.ts';
import { momentWriter } from '../page-data/moment.ts';
import { portion } from '../page-data/portion.ts';
import { type AccountArea, accountPage } from './account-page.ts';

const ON_PAGE = 15;

/** `/account/lookups`: the partners that looked up the account, and the purpose of each look-up. */
export function lookupsPage(
  area: AccountArea,
  { lookups, timeZone }: { lookups: Lookups; timeZone: string },
): Middleware {
  const written = momentWriter(timeZone);
  return accountPage(area, {
    name: 'account/lookups',
    path: '/account/lookups',
    async load({ account }, _sent, ctx) {
      const { shown, ...rest } = portion(await lookups.of(account.id), ON_PAGE, ctx);
      return {
        ...rest,
        lookups: shown.map(({ at, clientId, clientName, purpose, found }) => ({
          client: shownName(clientName ?? clientId),
          purpose,
          found,
          at: written(at),
        })),
      };
    },
  });
}
