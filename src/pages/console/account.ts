import type { Context, Middleware } from 'koa';
import type { AccessGrants } from '../../domain/access-grants/access-grants.ts';
import { cardNumber } from '../../domain/accounts/account.ts';
import type { AccountDetailsReader } from '../../domain/administration/account-details.ts';
import type { AuditSearch } from '../../domain/audit/audit-search.ts';
import { groupEvents } from '../../domain/audit/event-groups.ts';
import type { Consents } from '../../domain/consents/consents.ts';
import type { Lookups } from '../../domain/partners/lookups.ts';
import type { Sessions } from '../../domain/sessions/sessions.ts';
import { fullName } from '../../domain/values/person-name.ts';
import { momentWriter } from '../page-data/moment.ts';
import { type AccountActionsDeps, accountForms, OUTCOMES } from './account-forms.ts';
import { accountIn } from './account-id.ts';
import { shownAccountName } from './account-name.ts';
import { ACCOUNTS_PATH } from './accounts.ts';
import { type ConsoleArea, consolePage } from './console-page.ts';
import { shownGroup } from './shown-event.ts';

interface Deps extends AccountActionsDeps {
  accountDetails: AccountDetailsReader;
  auditSearch: Pick<AuditSearch, 'page'>;
  sessions: Pick<Sessions, 'list' | 'end'>;
  consents: Pick<Consents, 'list' | 'withdraw'>;
  accessGrants: Pick<AccessGrants, 'list'>;
  lookups: Lookups;
  originOf: (ctx: Context) => { address: string; device?: string | undefined };
  timeZone: string;
}

const EVENTS_ON_PAGE = 50;
/** The newest of each list; the whole is in the export. */
const SHOWN = 5;

/** `/console/accounts/:id`: one account, its recent history in plain language, and what can be done about it. */
export function accountPage(area: ConsoleArea, deps: Deps): Middleware {
  const { accountDetails, auditSearch, sessions, consents, accessGrants, lookups, timeZone } = deps;
  const written = momentWriter(timeZone);
  const writtenOrNull = (time: Date | null) => time && written(time);

  async function activityOf(id: number) {
    const [browsers, allowed, grants, found] = await Promise.all([
      sessions.list(id),
      consents.list(id),
      accessGrants.list(id),
      lookups.of(id),
    ]);
    const clients = new Set([...allowed, ...grants].map(({ clientId }) => clientId));
    return {
      sessions: browsers.slice(0, SHOWN).map(({ uid, place, signedInAt, seenAt }) => ({
        uid,
        device: { browser: place?.browser ?? null, system: place?.system ?? null, isPhone: false },
        signedInAt: written(signedInAt),
        seenAt: written(seenAt),
      })),
      applications: [...clients].sort().map((client) => ({
        client,
        scopes: allowed.find(({ clientId }) => clientId === client)?.scopes ?? [],
        tokens: grants.filter(({ clientId }) => clientId === client).length,
      })),
      lookups: found
        .slice(0, SHOWN)
        .map(({ at, clientId, purpose }) => ({ at: written(at), client: clientId, purpose })),
    };
  }

  return consolePage(area, {
    name: 'console/account',
    path: `${ACCOUNTS_PATH}/:id`,
    scope: 'admin:accounts:read',
    outcomes: OUTCOMES,
    async load({ params, query }, sent) {
      const id = accountIn(params);
      const details = await accountDetails.of(id);
      const { account } = details;
      const [events, activity] = await Promise.all([
        auditSearch.page({ accountId: id }, { limit: EVENTS_ON_PAGE, after: query.after || undefined }),
        activityOf(id),
      ]);
      const { firstName, lastName, birthDate } = account.profile;
      return {
        id,
        shownName: shownAccountName(account, id),
        status: account.status,
        facts: {
          name: fullName(firstName ?? '', lastName ?? '') || null,
          birthDate,
          nationalIdEnd: details.nationalIdEnd,
          card: account.card && cardNumber(account.card),
          externalId: account.externalId,
          registerChannel: account.registerChannel,
        },
        createdAt: written(account.createdAt),
        lastSignInAt: writtenOrNull(details.lastSignInAt),
        passwordSince: writtenOrNull(details.password?.setAt ?? null),
        lockedUntil: writtenOrNull(details.lockedUntil),
        contacts: account.contacts.map(({ kind, value, verified, preferred }) => ({
          kind,
          value,
          verified,
          preferred,
        })),
        bindings: details.bindings.map(({ provider, externalId }) => ({ provider, externalId })),
        ...activity,
        history: groupEvents(events.data).map((group) => shownGroup(group, written)),
        nextEvents: events.next,
        typedContact: {
          kind: sent?.kind === 'email' ? ('email' as const) : ('mobile' as const),
          value: sent?.value ?? '',
        },
      };
    },
    forms: accountForms(deps),
  });
}
