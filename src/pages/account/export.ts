import type { Context, Middleware } from 'koa';
import type { AccountExport } from '../../domain/settings/account-export.ts';
import { exportFile } from '../../domain/settings/export-file.ts';
import type { Clock } from '../../lib/clock.ts';
import { type AccountArea, accountPage } from './account-page.ts';

interface Deps {
  accountExport: AccountExport;
  issuer: string;
  clock: Clock;
}

/** `/account/export`: all stored data of the person, as a file to download. */
export const exportPage = (area: AccountArea, { accountExport, issuer, clock }: Deps): Middleware =>
  accountPage(area, {
    name: 'account/export',
    path: '/account/export',
    fresh: true,
    load: async () => ({}),
    forms: [
      {
        async submit(_sent, { account: { id } }, ctx: Context) {
          const exported = await accountExport.of(id);
          ctx.body = exportFile(exported, { issuer, at: clock.now() });
          ctx.set('Cache-Control', 'no-store');
          ctx.set('Content-Disposition', `attachment; filename="account-${id}.json"`);
          return undefined;
        },
      },
    ],
  });
