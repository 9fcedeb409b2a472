import type { Middleware } from 'koa';
import type { PartnerActivity } from '../../domain/administration/partner-activity.ts';
import type { Clients } from '../../domain/clients/clients.ts';
import { type ConsoleArea, consolePage } from './console-page.ts';

interface Deps {
  clients: Pick<Clients, 'list'>;
  partnerActivity: (clientIds: readonly string[]) => Promise<ReadonlyMap<string, PartnerActivity>>;
  limits: { perMinute: number; perDay: number };
}

const NONE: PartnerActivity = { lookups: 0, exchanges: 0, refused: 0 };

/** `/console/partners`: clients of the Partners API, and what each did in the last 24 hours. */
export const partnersPage = (area: ConsoleArea, { clients, partnerActivity, limits }: Deps): Middleware =>
  consolePage(area, {
    name: 'console/partners',
    path: '/console/partners',
    scope: 'admin:clients:read',
    async load() {
      const partners = (await clients.list())
        .map(({ metadata }) => metadata)
        .filter(({ token_profile: profile }) => profile === 'partner');
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
      };
    },
  });
