import { transaction } from '../../../db/transaction.ts';
import type { Account } from '../../accounts/account.ts';
import type { Origin } from '../../known-origins/known-origins.ts';
import type { OneTimeCodes } from '../../one-time-codes/one-time-codes.ts';
import type { Authenticator } from '../authenticator.ts';
import { type ContactSignIn, type SentCodeDeps, sentCodeSignIn } from '../sent-code.ts';
import { smsCodeMethod } from './method.ts';

/** A sign-in by a person who has proved control of a mobile number. */
export interface VerifiedMobile {
  /** E.164. */
  mobile: string;
  origin: Origin;
  clientId?: string | undefined;
  requestId?: string | undefined;
}

export interface CodeAttempt extends VerifiedMobile {
  code: string;
  /** A value that only this browser has: the same form submitted twice signs in again. */
  browser: string;
}

/**
 * Sign-in with a code by SMS. The number is already verified and confirmed for its account. The sign-in therefore
 * proves nothing new, and existing sessions and tokens remain valid.
 */
export interface SmsCodeAuthenticator extends Authenticator<CodeAttempt> {
  /** Returns the active account of the number. Throws `CODE_WRONG` for every reason to refuse, `TOO_MANY_ATTEMPTS`. */
  verify(attempt: CodeAttempt): Promise<Account>;
  /**
   * Returns the account of a number that the caller's browser has just proved in another way, such as registration.
   * Returns undefined if the account may not sign in.
   */
  afterVerification(proved: VerifiedMobile): Promise<Account | undefined>;
}

interface Deps extends SentCodeDeps {
  codes: OneTimeCodes;
}

const signInOf = ({ mobile, origin, clientId, requestId }: VerifiedMobile): ContactSignIn => ({
  contact: { kind: 'mobile', key: mobile },
  ...{ origin, clientId, requestId },
});

export function smsCode({ codes, ...deps }: Deps): SmsCodeAuthenticator {
  const { holderOf, succeed, verify } = sentCodeSignIn(deps, smsCodeMethod.name);
  return {
    method: smsCodeMethod,
    verify: ({ code, browser, ...proved }) =>
      verify(signInOf(proved), {
        async check() {
          const right = await codes.check({ ...proved, code, purpose: 'login' });
          return () => transaction(deps.db, (tx) => codes.use(tx, right));
        },
        isAgain: () => codes.usedBy(proved.mobile, code, browser),
      }),
    async afterVerification(proved) {
      const signIn = signInOf(proved);
      const account = await holderOf(signIn.contact);
      return account && succeed(signIn, account);
    },
  };
}
