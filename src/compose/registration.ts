import { type Activation, activation } from '../domain/registration/activation.ts';
import { type EmailRegistration, emailRegistration } from '../domain/registration/email-registration.ts';
import { type Registration, registration } from '../domain/registration/registration.ts';
import {
  type UpstreamRegistration,
  upstreamRegistration,
} from '../domain/registration/upstream-registration.ts';
import type { Authenticators } from './authenticators.ts';
import type { ComposedClients } from './clients.ts';
import type { Facts } from './facts.ts';
import type { Foundation } from './foundation.ts';
import type { ComposedLifecycle } from './lifecycle.ts';
import type { Settings } from './settings.ts';

/** The ways to create an account. */
export interface Registrations {
  activation: Activation;
  emailRegistration: EmailRegistration;
  registration: Registration;
  upstreamRegistration: UpstreamRegistration;
}

type Below = Facts &
  Pick<ComposedClients, 'clients'> &
  Pick<ComposedLifecycle, 'lifecycleIn'> &
  Pick<Authenticators, 'facebook'> &
  Pick<Settings, 'emailLinks' | 'upstreamLinks'>;

export function composeRegistrations(foundation: Foundation, below: Below): Registrations {
  const { config, db, keyring, policy, accountCounters, addressCounters } = foundation;
  const { lifecycleIn, emailLinks, credentialsIn: credentials, outboxIn: outbox } = below;
  return {
    activation: activation({
      db,
      keyring,
      accounts: below.accounts,
      accountsIn: below.accountsIn,
      nationalIds: below.nationalIds,
      consentRecords: below.consentRecords,
      clients: below.clients,
      lifecycleIn,
      credentials,
      outbox,
      channels: below.channels,
      counters: addressCounters,
      refusals: below.refusals,
      tries: below.callerTries,
      issuer: config.server.issuer,
    }),
    emailRegistration: emailRegistration({
      db,
      counters: addressCounters,
      refusals: below.refusals,
      credentials,
      lifecycleIn,
      locations: below.locations,
      facebook: below.facebook,
      emailLinks,
    }),
    registration: registration({
      db,
      keyring,
      counters: accountCounters,
      refusals: below.refusals,
      codes: below.codes,
      credentials,
      policy,
      lifecycleIn,
      emailLinks,
      outbox,
    }),
    upstreamRegistration: upstreamRegistration({
      ...{ db, keyring, lifecycleIn, emailLinks, outbox },
      counters: accountCounters,
      refusals: below.refusals,
      codes: below.codes,
      links: below.upstreamLinks,
      transactions: below.upstreamTransactions,
    }),
  };
}
