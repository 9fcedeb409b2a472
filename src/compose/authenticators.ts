import type { NeedsSecondFactor } from '../domain/authenticators/authenticator.ts';
import { type EmailCodeAuthenticator, emailCode } from '../domain/authenticators/email-code/email-code.ts';
import {
  type FacebookAuthenticator,
  facebookAuthenticator,
} from '../domain/authenticators/facebook/facebook.ts';
import { type PasskeyAuthenticator, passkeyAuthenticator } from '../domain/authenticators/passkey/passkey.ts';
import {
  type PasswordAuthenticator,
  passwordAuthenticator,
} from '../domain/authenticators/password/password.ts';
import { type SmsCodeAuthenticator, smsCode } from '../domain/authenticators/sms-code/sms-code.ts';
import {
  type UpstreamAuthenticator,
  upstreamAuthenticator,
} from '../domain/authenticators/upstream/upstream.ts';
import type { Identifiers } from '../domain/identifiers/identifiers.ts';
import { deletePasskeys, hasPasskey } from '../domain/passkeys/passkeys.ts';
import { type ContactProofs, contactProofs } from '../domain/second-factors/contact-proofs.ts';
import { type SecondFactorRecoveries, secondFactorRecoveries } from '../domain/second-factors/recoveries.ts';
import { type SecondFactors, secondFactors } from '../domain/second-factors/second-factors.ts';
import { type Reauthentication, reauthentication } from '../domain/sign-in/reauthentication.ts';
import type { Facts } from './facts.ts';
import type { Foundation } from './foundation.ts';

/** One authenticator for each authentication method, and the re-authentication that uses them. */
export interface Authenticators {
  emailCode: EmailCodeAuthenticator;
  facebook: FacebookAuthenticator;
  needsSecondFactor: NeedsSecondFactor;
  passkeyAuthenticator: PasskeyAuthenticator;
  passwordAuthenticator: PasswordAuthenticator;
  reauthentication: Reauthentication;
  contactProofs: ContactProofs;
  secondFactorRecoveries: SecondFactorRecoveries;
  secondFactors: SecondFactors;
  smsCode: SmsCodeAuthenticator;
  upstreamAuthenticator: UpstreamAuthenticator;
}

export function composeAuthenticators(
  foundation: Foundation,
  facts: Facts & { identifiers: Identifiers },
): Authenticators {
  const { config, db, clock } = foundation;
  const { accounts, identifiers, knownOrigins, refusals, signInThrottle: throttle } = facts;
  const factors = secondFactors({
    ...{ db, accounts, throttle, refusals },
    channels: facts.channels,
    contactCodes: facts.contactCodes,
    keyring: foundation.keyring,
    digest: foundation.digest,
    outbox: facts.outboxIn,
  });
  const proofs = contactProofs({
    ...{ db, accounts, throttle, refusals },
    channels: facts.channels,
    contactCodes: facts.contactCodes,
  });
  const recoveries = secondFactorRecoveries({
    ...{ db, keyring: foundation.keyring, outbox: facts.outboxIn },
    passkeys: { has: hasPasskey, removeAll: deletePasskeys },
    delayHours: config.secondFactor.recoveryDelayHours,
  });
  const { policy, passwordGrant } = config.secondFactor;
  const isAsked = policy !== 'off' && passwordGrant === 'refuse';
  const needsSecondFactor: NeedsSecondFactor = async (accountId) =>
    isAsked && (await factors.isEnrolled(accountId));
  const passwords = passwordAuthenticator({
    db,
    query: foundation.query,
    hasher: foundation.hasher,
    accounts,
    throttle,
    refusals,
    knownOrigins,
    needsSecondFactor,
    bulkhead: foundation.bulkheads.signIns,
  });
  return {
    emailCode: emailCode({ db, identifiers, emailCodes: facts.emailCodes, refusals, knownOrigins }),
    facebook: facebookAuthenticator({
      db,
      accounts,
      bindings: facts.bindings,
      counters: foundation.addressCounters,
      refusals,
      needsSecondFactor,
      graph: facts.facebookGraph,
    }),
    needsSecondFactor,
    passkeyAuthenticator: passkeyAuthenticator({
      ...{ db, accounts, throttle, refusals, knownOrigins },
      uses: facts.passkeyUses,
      outbox: facts.outboxIn,
    }),
    passwordAuthenticator: passwords,
    reauthentication: reauthentication({
      clock,
      passwordAuthenticator: passwords,
      credentials: facts.credentials,
    }),
    contactProofs: proofs,
    secondFactorRecoveries: recoveries,
    secondFactors: factors,
    upstreamAuthenticator: upstreamAuthenticator({
      ...{ db, accounts, knownOrigins, refusals },
      counters: foundation.addressCounters,
      bindings: facts.bindings,
    }),
    smsCode: smsCode({ db, identifiers, codes: facts.codes, refusals, knownOrigins }),
  };
}
