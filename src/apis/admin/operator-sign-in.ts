import type { Context } from 'koa';
import { CONSOLE_SESSION_SECONDS } from '../../domain/console-sessions/console-sessions.ts';
import { MFA } from '../../domain/sign-in/mfa.ts';
import type { Reason } from '../../errors/reasons.ts';
import { epochSeconds } from '../../lib/clock.ts';

/** The sign-in that a token of an operator came from. */
export interface OperatorSignIn {
  /** RFC 8176. */
  amr: readonly string[];
  /** Epoch seconds. */
  authTime: number;
}

/**
 * Why the sign-in of an operator is not enough where two factors are required; undefined when it is. The rule is that
 * of the console, whose sessions end as long after the sign-in.
 */
export function weaknessOf(signIn: OperatorSignIn | undefined, now: Date): Reason | undefined {
  if (!signIn?.amr.includes(MFA.amr)) return 'second_factor_missing';
  return epochSeconds(now) - signIn.authTime > CONSOLE_SESSION_SECONDS ? 'sign_in_too_old' : undefined;
}

/** The scheme of the token that a request came with, for challenges (RFC 9449 §7.1). */
export const schemeOf = (ctx: Context): 'Bearer' | 'DPoP' =>
  /^dpop /i.test(ctx.get('Authorization')) ? 'DPoP' : 'Bearer';

/** What to ask for in a new authorization request (RFC 9470 §3). */
export const signInChallenge = (ctx: Context, description: string): string =>
  `${schemeOf(ctx)} error="insufficient_user_authentication", error_description="${description}", ` +
  `acr_values="${MFA.acr}", max_age="${CONSOLE_SESSION_SECONDS}"`;
