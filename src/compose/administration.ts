import { type AccountDetailsReader, accountDetails } from '../domain/administration/account-details.ts';
import { type AccountEdits, accountEdits } from '../domain/administration/account-edits.ts';
import { type AccountFinder, accountFinder } from '../domain/administration/account-finder.ts';
import { type AccountListing, accountListing } from '../domain/administration/account-listing.ts';
import { type AccountReads, accountReads } from '../domain/administration/account-reads.ts';
import { type ContactChanges, contactChanges } from '../domain/administration/contact-changes.ts';
import { exhaustedLimits } from '../domain/administration/exhausted-limits.ts';
import { type Locks, locks } from '../domain/administration/locks.ts';
import { type Overview, overview } from '../domain/administration/overview.ts';
import { type PartnerActivity, partnerActivity } from '../domain/administration/partner-activity.ts';
import { type PasswordResets, passwordResets } from '../domain/administration/password-resets.ts';
import { type SignInsByHour, signInsByHour } from '../domain/administration/sign-ins-by-hour.ts';
import { type Traces, traces } from '../domain/administration/trace.ts';
import type { Authenticators } from './authenticators.ts';
import type { Facts } from './facts.ts';
import type { Foundation } from './foundation.ts';
import type { Recovery } from './recovery.ts';
import type { Settings } from './settings.ts';

/** The operations of operators, which the Admin API, the console and the command line share. */
export interface Administration {
  accountDetails: AccountDetailsReader;
  accountEdits: AccountEdits;
  accountFinder: AccountFinder;
  accountListing: AccountListing;
  accountReads: AccountReads;
  contactChanges: ContactChanges;
  locks: Locks;
  overview: () => Promise<Overview>;
  signInsByHour: () => Promise<SignInsByHour>;
  partnerActivity: (clientIds: readonly string[]) => Promise<ReadonlyMap<string, PartnerActivity>>;
  passwordResets: PasswordResets;
  traces: Traces;
}

export function composeAdministration(
  { db, lagging, config, clock, accountCounters, addressCounters, views }: Foundation,
  facts: Facts &
    Pick<Authenticators, 'secondFactorRecoveries'> &
    Pick<Settings, 'accountExport' | 'heldAuthenticators'> &
    Pick<Recovery, 'passwordReset'>,
): Administration {
  const { accounts, nationalIds, auditSearch, outbox, refusedRequests, accountExport } = facts;
  const reads = accountReads({ db, accounts, accountExport });
  const accountLocks = locks({ db, perAccount: config.attempts.perAccount });
  const { bindings, heldAuthenticators: held, signingKeys } = facts;
  const now = () => clock.now();
  const listing = accountListing({ db, lagging, accounts, nationalIds });
  return {
    accountDetails: accountDetails({
      ...{ db, reads, nationalIds, bindings, locks: accountLocks, held },
      recoveries: facts.secondFactorRecoveries,
    }),
    accountEdits: accountEdits({ db, now, timeZone: config.server.timeZone, locales: views.locales }),
    contactChanges: contactChanges({ db, outbox: facts.outboxIn }),
    passwordResets: passwordResets({ db, reads, passwordReset: facts.passwordReset, codes: facts.codes }),
    partnerActivity: partnerActivity({ db }),
    overview: overview({
      db,
      outbox,
      signingKeys,
      now,
      exhaustedLimits: exhaustedLimits({
        db,
        clock,
        deployment: {
          deployment: { counters: addressCounters, name: 'password total', limit: config.attempts.inTotal },
          code_deployment: {
            counters: accountCounters,
            name: 'code global',
            limit: config.oneTimeCodes.globalPerHour,
          },
        },
      }),
    }),
    accountFinder: accountFinder({ listing, reads }),
    accountListing: listing,
    signInsByHour: signInsByHour({ db }),
    accountReads: reads,
    locks: accountLocks,
    traces: traces({ auditSearch, outbox, refusedRequests }),
  };
}
