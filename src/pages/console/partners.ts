import type { Middleware } from 'koa';
import type { PartnerActivity } from '../../domain/administration/partner-activity.ts';
import type { Clients } from '../../domain/clients/clients.ts';
import { pageOfAll } from '../../domain/values/cursor.ts';
import { type ConsoleArea, consolePage } from './console-page.ts';

interface Deps {
  clients: Pick<Clients, 'list'>;
  partnerActivity: (clientIds: readonly string[]) => Promise<ReadonlyMap<string, PartnerActivity>>;
  limits: { perMinute: number; perDay: number };
}

const ON_PAGE = 12;
const NONE: PartnerActivity = { lookups: 0, exchanges: 0, refused: 0 };

/** `/console/partners`: the clients of the Partners API, and their activity in the last 24 hours. */
export const partnersPage = (area: ConsoleArea, { clients, partnerActivity, limits }: Deps): Middleware =>
  consolePage(area, {
    name: 'console/partners',
    path: '/console/partners',
    scope: 'admin:clients:read',
    async load({ query }) {
      const all = (await clients.list())
        .map(({ metadata }) => metadata)
        .filter(({ token_profile: profile }) => profile === 'partner');
      const page = { limit: ON_PAGE, after: query.after || undefined };
      const { data: partners, next } = pageOfAll('partners', all, page, ({ client_id: id }) => id);
      const activity = await partnerActivity(partners.map(({ client_id: id }) => id));
      return {
        partners: partners.map(({ client_id: id, client_name: name, number, bindings }) => ({
          id,
          name: name ?? id,
          number: number ?? null,
          bindings: bindings ?? [],
          ...(activity.get(id) ?? NONE),
        })),
        limits,
        next: next === null ? null : `?${new URLSearchParams({ after: next })}`,
      };
    },
  });
