import type { Middleware } from 'koa';
import type { AccessGrants } from '../../domain/access-grants/access-grants.ts';
import type { AccountReads } from '../../domain/administration/account-reads.ts';
import type { ConsentRecords } from '../../domain/consent-records/consent-records.ts';
import type { Consents } from '../../domain/consents/consents.ts';
import type { Lookups } from '../../domain/partners/lookups.ts';
import type { Sessions } from '../../domain/sessions/sessions.ts';
import { momentWriter } from '../page-data/moment.ts';
import { portion } from '../page-data/portion.ts';
import { accountForm, accountPage } from './account-page.ts';
import type { ConsoleArea } from './console-page.ts';

interface Deps {
  accountReads: Pick<AccountReads, 'find'>;
  sessions: Pick<Sessions, 'list' | 'end'>;
  consents: Pick<Consents, 'list' | 'withdraw'>;
  accessGrants: Pick<AccessGrants, 'list' | 'endOfClient'>;
  consentRecords: Pick<ConsentRecords, 'list'>;
  lookups: Lookups;
  timeZone: string;
}

const ON_PAGE = 10;

/** `/console/accounts/:id/sessions`: the signed-in browsers, and a way to end each session. */
export function accountSessionsPage(area: ConsoleArea, deps: Deps): Middleware {
  const { accountReads, sessions, timeZone } = deps;
  const written = momentWriter(timeZone);
  return accountPage(area, accountReads, {
    name: 'console/account-sessions',
    part: 'sessions',
    outcomes: ['session_ended'],
    async load({ id }, { ctx }) {
      const { shown, ...rest } = portion(await sessions.list(id), ON_PAGE, ctx);
      return {
        ...rest,
        sessions: shown.map(({ uid, place, signedInAt, seenAt }) => ({
          uid,
          device: { browser: place?.browser ?? null, system: place?.system ?? null, isPhone: false },
          signedInAt: written(signedInAt),
          seenAt: written(seenAt),
        })),
      };
    },
    forms: [
      accountForm('end-session', 'session_ended', (id, { session = '' }) => sessions.end(id, session), {
        next: 'sessions',
      }),
    ],
  });
}

/** `/console/accounts/:id/applications`: the clients with consents or tokens, and a way to revoke their access. */
export function accountApplicationsPage(area: ConsoleArea, deps: Deps): Middleware {
  const { accountReads, consents, accessGrants } = deps;
  return accountPage(area, accountReads, {
    name: 'console/account-applications',
    part: 'applications',
    outcomes: ['application_ended'],
    async load({ id }, { ctx }) {
      const [allowed, grants] = await Promise.all([consents.list(id), accessGrants.list(id)]);
      const clients = new Set([...allowed, ...grants].map(({ clientId }) => clientId));
      const { shown, ...rest } = portion([...clients].sort(), ON_PAGE, ctx);
      return {
        ...rest,
        applications: shown.map((client) => ({
          client,
          scopes: allowed.find(({ clientId }) => clientId === client)?.scopes ?? [],
          tokens: grants.filter(({ clientId }) => clientId === client).length,
        })),
      };
    },
    forms: [
      accountForm(
        'end-application',
        'application_ended',
        async (id, { client = '' }) => {
          await consents.withdraw(id, client);
          await accessGrants.endOfClient(id, client);
        },
        { next: 'applications' },
      ),
    ],
  });
}

/**
 * `/console/accounts/:id/consents`: the texts and purposes that the person accepted, allowed and withdrew. Only the
 * person can change them.
 */
export function accountConsentsPage(area: ConsoleArea, deps: Deps): Middleware {
  const { accountReads, consentRecords, timeZone } = deps;
  const written = momentWriter(timeZone);
  return accountPage(area, accountReads, {
    name: 'console/account-consents',
    part: 'consents',
    async load({ id }, { ctx }) {
      const { shown, ...rest } = portion(await consentRecords.list(id), ON_PAGE, ctx);
      return {
        ...rest,
        records: shown.map(({ purpose, version, language, channel, givenAt, withdrawnAt }) => ({
          ...{ purpose, version, language, channel, givenAt: written(givenAt) },
          withdrawnAt: withdrawnAt ? written(withdrawnAt) : undefined,
        })),
      };
    },
  });
}

/** `/console/accounts/:id/lookups`: the partners that looked up the account, and the purpose of each look-up. */
export function accountLookupsPage(area: ConsoleArea, deps: Deps): Middleware {
  const { accountReads, lookups, timeZone } = deps;
  const written = momentWriter(timeZone);
  return accountPage(area, accountReads, {
    name: 'console/account-lookups',
    part: 'lookups',
    async load({ id }, { ctx }) {
      const { shown, ...rest } = portion(await lookups.of(id), ON_PAGE, ctx);
      return {
        ...rest,
        lookups: shown.map(({ at, clientId, purpose }) => ({ at: written(at), client: clientId, purpose })),
      };
    },
  });
}
