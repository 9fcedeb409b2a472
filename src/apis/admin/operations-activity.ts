import type { AccessGrants } from '../../domain/access-grants/access-grants.ts';
import type { AccountReads } from '../../domain/administration/account-reads.ts';
import type { AuditSearch } from '../../domain/audit/audit-search.ts';
import type { ConsentRecordPages } from '../../domain/consent-records/record-pages.ts';
import type { Consents } from '../../domain/consents/consents.ts';
import type { Sessions } from '../../domain/sessions/sessions.ts';
import { pageOfAll } from '../../domain/values/cursor.ts';
import { accountIdIn, type Described, noContent, ok, pageIn } from './operation.ts';
import { consentBody, eventBody } from './wire.ts';

export interface ActivityDeps {
  accountReads: Pick<AccountReads, 'find'>;
  sessions: Pick<Sessions, 'list' | 'end'>;
  consents: Pick<Consents, 'list' | 'withdraw'>;
  consentRecordPages: ConsentRecordPages;
  accessGrants: Pick<AccessGrants, 'list'>;
  auditSearch: Pick<AuditSearch, 'page'>;
}

/**
 * The activity of an account: its sessions, applications, consents, lookups and events. Sessions and applications can
 * be ended.
 */
export function activityOperations(deps: ActivityDeps): Described[] {
  const { accountReads, sessions, consents, consentRecordPages, accessGrants, auditSearch } = deps;
  return [
    {
      id: 'listAccountSessions',
      method: 'get',
      path: '/admin/v1/accounts/:id/sessions',
      async run(parts) {
        const { id } = await accountReads.find(accountIdIn(parts), 'sessions');
        const found = await sessions.list(id);
        const { data, next } = pageOfAll(`sessions ${id}`, found, pageIn(parts.query), ({ uid }) => uid);
        return ok({
          data: data.map(({ uid, place, signedInAt, seenAt }) => ({
            id: uid,
            place,
            signed_in_at: signedInAt,
            seen_at: seenAt,
          })),
          next,
        });
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
        const clients = new Set([...allowed, ...grants].map(({ clientId }) => clientId));
        const { data, next } = pageOfAll(
          `applications ${id}`,
          [...clients],
          pageIn(parts.query),
          (client) => client,
        );
        return ok({
          data: data.map((client) => {
            const consent = allowed.find(({ clientId }) => clientId === client);
            return {
              client,
              scopes: consent?.scopes ?? null,
              granted_at: consent?.grantedAt ?? null,
              tokens: grants.filter(({ clientId }) => clientId === client).length,
            };
          }),
          next,
        });
      },
    },
    {
      id: 'endApplication',
      method: 'delete',
      path: '/admin/v1/accounts/:id/applications/:client',
      async run(parts) {
        await consents.withdraw(accountIdIn(parts), parts.params.client ?? '');
        return noContent;
      },
    },
    {
      id: 'listAccountConsents',
      method: 'get',
      path: '/admin/v1/accounts/:id/consents',
      async run(parts) {
        const { id } = await accountReads.find(accountIdIn(parts), 'consents');
        const { data, next } = await consentRecordPages.page(id, pageIn(parts.query));
        return ok({ data: data.map(consentBody), next });
      },
    },
    {
      id: 'listAccountLookups',
      method: 'get',
      path: '/admin/v1/accounts/:id/lookups',
      async run(parts) {
        const { id } = await accountReads.find(accountIdIn(parts), 'lookups');
        const filter = { accountId: id, event: 'account.looked_up' };
        const { data, next } = await auditSearch.page(filter, pageIn(parts.query));
        return ok({
          data: data.map(({ at, clientId, details }) => ({
            at,
            client: clientId,
            purpose: details.purpose ?? null,
          })),
          next,
        });
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
