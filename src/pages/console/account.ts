import type { Middleware } from 'koa';
import { cardNumber } from '../../domain/accounts/account.ts';
import type { AccountDetailsReader } from '../../domain/administration/account-details.ts';
import type { Locks } from '../../domain/administration/locks.ts';
import type { AuditSearch } from '../../domain/audit/audit-search.ts';
import { groupEvents } from '../../domain/audit/event-groups.ts';
import { fullName } from '../../domain/values/person-name.ts';
import { momentWriter } from '../page-data/moment.ts';
import { ACTION_OUTCOMES } from './account-actions.ts';
import { accountIn } from './account-id.ts';
import { accountForm, accountPath, subjectOf } from './account-page.ts';
import { type ConsoleArea, consolePage } from './console-page.ts';
import { shownGroup } from './shown-event.ts';

interface Deps {
  accountDetails: AccountDetailsReader;
  locks: Pick<Locks, 'unlock'>;
  auditSearch: Pick<AuditSearch, 'page'>;
  timeZone: string;
}

/** The number of events that are grouped into lines, and the number of lines that are shown, newest first. */
const EVENTS = 100;
const LINES = 8;

/** `/console/accounts/:id`: the account's identity, whether it is locked, and its recent history in plain language. */
export function accountOverviewPage(
  area: ConsoleArea,
  { accountDetails, locks, auditSearch, timeZone }: Deps,
): Middleware {
  const written = momentWriter(timeZone);
  const writtenOrNull = (time: Date | null | undefined) => (time ? written(time) : null);

  return consolePage(area, {
    name: 'console/account',
    path: accountPath(':id'),
    scope: 'admin:accounts:read',
    outcomes: ['account_created', 'unlocked', ...ACTION_OUTCOMES],
    async load({ params }) {
      const { account, ...details } = await accountDetails.of(accountIn(params));
      const events = await auditSearch.page({ accountId: account.id }, { limit: EVENTS });
      const {
        firstName,
        lastName,
        middleName,
        nickname,
        preferredUsername,
        birthDate,
        profileUri,
        websiteUri,
      } = account.profile;
      const history = groupEvents(events.data);
      return {
        ...subjectOf(account),
        facts: {
          name: fullName(firstName ?? '', lastName ?? '') || null,
          ...{ middleName, nickname, preferredUsername, birthDate, profileUri, websiteUri },
          nationalIdEnd: details.nationalIdEnd,
          card: account.card && cardNumber(account.card),
          externalId: account.externalId,
          registerChannel: account.registerChannel,
        },
        createdAt: written(account.createdAt),
        lastSignInAt: writtenOrNull(details.lastSignInAt),
        passwordSince: writtenOrNull(details.password?.setAt),
        lockedUntil: writtenOrNull(details.lockedUntil),
        contacts: account.contacts.map(({ value, verified }) => ({ value, verified })),
        bindings: details.bindings.map(({ provider, externalId }) => ({ provider, externalId })),
        authenticators: details.authenticators.map(({ method, name, lastUsedAt }) => ({
          ...{ method, name },
          lastUsedAt: writtenOrNull(lastUsedAt),
        })),
        recoveryAt: writtenOrNull(details.secondFactorRecovery?.availableAt),
        history: history.slice(0, LINES).map((group) => shownGroup(group, written)),
        hasMore: history.length > LINES || events.next !== null,
      };
    },
    forms: [accountForm('unlock', 'unlocked', locks.unlock)],
  });
}
