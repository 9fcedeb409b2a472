import type { AccessGrants } from '../../domain/access-grants/access-grants.ts';
import type { AccountReads } from '../../domain/administration/account-reads.ts';
import type { AuditSearch } from '../../domain/audit/audit-search.ts';
import type { Consents } from '../../domain/consents/consents.ts';
import type { Lookups } from '../../domain/partners/lookups.ts';
import type { Sessions } from '../../domain/sessions/sessions.ts';
import { accountIdIn, type Described, noContent, ok, pageIn, type Reply } from './operation.ts';
import { eventBody } from './wire.ts';

export interface ActivityDeps {
  accountReads: Pick<AccountReads, 'find'>;
  sessions: Pick<Sessions, 'list' | 'end'>;
  consents: Pick<Consents, 'list' | 'withdraw'>;
  accessGrants: Pick<AccessGrants, 'list' | 'endOfClient'>;
  lookups: Lookups;
  auditSearch: Pick<AuditSearch, 'page'>;
}

/** A list that is short by its nature has one page. */
const whole = (data: unknown[]): Reply => ok({ data, next: null });

/** What an account has going on, and ending it. */
export function activityOperations(deps: ActivityDeps): Described[] {
  const { accountReads, sessions, consents, accessGrants, lookups, auditSearch } = deps;
  return [
    {
      id: 'listAccountSessions',
      method: 'get',
      path: '/admin/v1/accounts/:id/sessions',
      async run(parts) {
        const { id } = await accountReads.find(accountIdIn(parts), 'sessions');
        const found = await sessions.list(id);
        return whole(
          found.map(({ uid, place, signedInAt, seenAt }) => ({
            id: uid,
            place,
            signed_in_at: signedInAt,
            seen_at: seenAt,
          })),
        );
      },
    },
    {
      id: 'endBrowserSession',
      method: 'delete',
      path: '/admin/v1/accounts/:id/sessions/:session',
      async run(parts) {
        await sessions.end(accountIdIn(parts), parts.params.session ?? '');
        return noContent;
      },
    },
    {
      id: 'listApplications',
      method: 'get',
      path: '/admin/v1/accounts/:id/applications',
      async run(parts) {
        const { id } = await accountReads.find(accountIdIn(parts), 'applications');
        const [allowed, grants] = await Promise.all([consents.list(id), accessGrants.list(id)]);
        const clients = new Set([
          ...allowed.map(({ clientId }) => clientId),
          ...grants.map(({ clientId }) => clientId),
        ]);
        return whole(
          [...clients].sort().map((client) => {
            const consent = allowed.find(({ clientId }) => clientId === client);
            return {
              client,
              scopes: consent?.scopes ?? null,
              granted_at: consent?.grantedAt ?? null,
              tokens: grants.filter(({ clientId }) => clientId === client).length,
            };
          }),
        );
      },
    },
    {
      id: 'endApplication',
      method: 'delete',
      path: '/admin/v1/accounts/:id/applications/:client',
      async run(parts) {
        const { id } = await accountReads.find(accountIdIn(parts), 'applications');
        const client = parts.params.client ?? '';
        await consents.withdraw(id, client);
        await accessGrants.endOfClient(id, client);
        return noContent;
      },
    },
    {
      id: 'listAccountLookups',
      method: 'get',
      path: '/admin/v1/accounts/:id/lookups',
      async run(parts) {
        const { id } = await accountReads.find(accountIdIn(parts), 'lookups');
        const found = await lookups.of(id);
        return whole(found.map(({ at, clientId, purpose }) => ({ at, client: clientId, purpose })));
      },
    },
    {
      id: 'listEvents',
      method: 'get',
      path: '/admin/v1/accounts/:id/events',
      async run(parts) {
        const { id } = await accountReads.find(accountIdIn(parts), 'events');
        const { data, next } = await auditSearch.page({ accountId: id }, pageIn(parts.query));
        return ok({ data: data.map(eventBody), next });
      },
    },
  ];
}
