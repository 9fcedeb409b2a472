import type { Identifiers } from '../domain/identifiers/identifiers.ts';
import { type FindMobile, findMobile } from '../domain/recovery/find-mobile.ts';
import { type PasswordReset, passwordReset } from '../domain/recovery/password-reset.ts';
import type { ComposedClients } from './clients.ts';
import type { Facts } from './facts.ts';
import type { Foundation } from './foundation.ts';
import type { ComposedLifecycle } from './lifecycle.ts';

/** The recovery of forgotten passwords and mobile numbers. */
export interface Recovery {
  findMobile: FindMobile;
  passwordReset: PasswordReset;
}

type Below = Facts & { identifiers: Identifiers } & Pick<ComposedClients, 'clients'> &
  Pick<ComposedLifecycle, 'lifecycleIn'>;

export function composeRecovery(foundation: Foundation, below: Below): Recovery {
  const { config, db, keyring, digest, accountCounters, addressCounters } = foundation;
  const { accounts, nationalIds, channels } = below;
  return {
    findMobile: findMobile({
      channels,
      digest,
      counters: accountCounters,
      accounts,
      identifiers: below.identifiers,
      refusals: below.refusals,
    }),
    passwordReset: passwordReset({
      db,
      keyring,
      accounts,
      nationalIds,
      clients: below.clients,
      lifecycleIn: below.lifecycleIn,
      credentials: below.credentialsIn,
      outbox: below.outboxIn,
      channels,
      counters: addressCounters,
      tries: below.callerTries,
      refusals: below.refusals,
      issuer: config.server.issuer,
    }),
  };
}
