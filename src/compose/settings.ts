import type { Account } from '../domain/accounts/account.ts';
import type { Identifiers } from '../domain/identifiers/identifiers.ts';
import { type AccountExport, accountExport } from '../domain/settings/account-export.ts';
import { type ContactConfirmation, contactConfirmation } from '../domain/settings/contact-confirmation.ts';
import { type EmailLinks, emailLinks } from '../domain/settings/email-links.ts';
import { type HeldAuthenticators, heldAuthenticators } from '../domain/settings/held-authenticators.ts';
import { type LinkedAccounts, linkedAccounts } from '../domain/settings/linked-accounts.ts';
import { type MobileChange, mobileChange } from '../domain/settings/mobile-change.ts';
import { passkeyRemoval, type RemovePasskey } from '../domain/settings/passkey-removal.ts';
import { type PasswordChange, passwordChange } from '../domain/settings/password-change.ts';
import { type ProfileChanges, profileChanges } from '../domain/settings/profile-changes.ts';
import { type UpstreamLinks, upstreamLinks } from '../domain/settings/upstream-links.ts';
import { enrolledMethods, type MethodName, type UsableMethods } from '../domain/sign-in/methods.ts';
import { FACEBOOK_PROVIDER } from '../domain/upstream/binding-name.ts';
import type { Authenticators } from './authenticators.ts';
import type { Facts } from './facts.ts';
import type { Foundation } from './foundation.ts';
import type { ComposedPartners } from './partners.ts';

/** The changes that signed-in people make to their own account, including exports and removals. */
export interface Settings {
  accountExport: AccountExport;
  contactConfirmation: ContactConfirmation;
  emailLinks: EmailLinks;
  heldAuthenticators: HeldAuthenticators;
  linkedAccounts: LinkedAccounts;
  /** Returns the authentication methods that an account can sign in with. */
  methodsOf(account: Account): Promise<readonly MethodName[]>;
  mobileChange: MobileChange;
  passwordChange: PasswordChange;
  removePasskey: RemovePasskey;
  profileChanges: ProfileChanges;
  upstreamLinks: UpstreamLinks;
}

type Below = Facts & { identifiers: Identifiers } & Pick<
    Authenticators,
    'reauthentication' | 'secondFactors'
  > &
  Pick<ComposedPartners, 'lookups'>;

export function composeSettings(foundation: Foundation, below: Below): Settings {
  const { config, db, keyring, policy, accountCounters: counters } = foundation;
  const { accounts, nationalIds, codes, outboxIn: outbox } = below;
  const { issuer } = config.server;
  const links = emailLinks({ db, counters, keyring, accounts, outbox, channels: below.channels, issuer });
  const held = heldAuthenticators({ db, passkeys: below.passkeys, secondFactors: below.secondFactors });
  const mobile = mobileChange({ db, keyring, accounts, codes, outbox });
  const password = passwordChange({
    ...{ db, keyring, accounts, nationalIds, identifiers: below.identifiers, policy, codes, outbox },
    credentials: below.credentialsIn,
  });
  const usable: UsableMethods = {
    channels: below.channels,
    passkeys: below.relyingParty.isUsable,
    emailCodes: config.emailCode.signIn,
    isUsableLink: (name) =>
      name === FACEBOOK_PROVIDER
        ? below.facebookGraph.isConfigured()
        : below.upstreamProviders.list.some(({ binding }) => binding === name),
  };
  return {
    accountExport: accountExport({
      accounts,
      nationalIds,
      heldAuthenticators: held,
      accountRoles: below.accountRoles,
      bindings: below.bindings,
      consents: below.consents,
      consentRecords: below.consentRecords,
      sessions: below.sessions,
      accessGrants: below.accessGrants,
      pushDevices: below.pushDevices,
      subscriptions: below.subscriptions,
      lastAccess: below.lastAccess,
      lookups: below.lookups,
      history: below.history,
      refusals: below.refusals,
      counters,
    }),
    contactConfirmation: contactConfirmation({ db, outbox }),
    emailLinks: links,
    heldAuthenticators: held,
    linkedAccounts: linkedAccounts({ db, keyring, outbox, usable }),
    methodsOf: (account) => enrolledMethods(db, account, usable),
    mobileChange: mobile,
    passwordChange: password,
    removePasskey: passkeyRemoval({ db, passkeys: below.passkeys, usable }),
    upstreamLinks: upstreamLinks({
      ...{ db, keyring, outbox },
      providers: below.upstreamProviders,
      transactions: below.upstreamTransactions,
    }),
    profileChanges: profileChanges({
      db,
      accounts,
      accountsIn: below.accountsIn,
      subscriptions: below.subscriptions,
      emailLinks: links,
      mobileChange: mobile,
      passwordChange: password,
      reauthentication: below.reauthentication,
      tries: below.callerTries,
      settings: { ...config.selfService, countries: config.oneTimeCodes.countries },
    }),
  };
}
