import type { Context } from 'koa';
import { CONSOLE_SESSION_SECONDS } from '../../domain/console-sessions/console-sessions.ts';
import { MFA } from '../../domain/sign-in/mfa.ts';
import type { Reason } from '../../errors/reasons.ts';
import { epochSeconds } from '../../lib/clock.ts';

/** The sign-in that a token of an operator is based on. */
export interface OperatorSignIn {
  /** RFC 8176. */
  amr: readonly string[];
  /** Epoch seconds. */
  authTime: number;
}

/**
 * Returns the reason why the sign-in of an operator is not sufficient if two factors are required; undefined if it is.
 * The same rule applies to the console, whose sessions end after the same time.
 */
export function weaknessOf(signIn: OperatorSignIn | undefined, now: Date): Reason | undefined {
  if (!signIn?.amr.includes(MFA.amr)) return 'second_factor_missing';
  return epochSeconds(now) - signIn.authTime > CONSOLE_SESSION_SECONDS ? 'sign_in_too_old' : undefined;
}

/** Returns the scheme of the token in a request, for challenges (RFC 9449 §7.1). */
export const schemeOf = (ctx: Context): 'Bearer' | 'DPoP' =>
  /^dpop /i.test(ctx.get('Authorization')) ? 'DPoP' : 'Bearer';

/** Returns the challenge with the requirements for a new authorization request (RFC 9470 §3). */
export const signInChallenge = (ctx: Context, description: string): string =>
  `${schemeOf(ctx)} error="insufficient_user_authentication", error_description="${description}", ` +
  `acr_values="${MFA.acr}", max_age="${CONSOLE_SESSION_SECONDS}"`;
