import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { AppError } from '../../errors/app-error.ts';
import { noteError } from '../../http/refusal.ts';
import { AUTH_SESSION_SECONDS } from './auth-session.ts';

/** The methods, by the parameter in which each is sent. */
export type NextMethod = 'password' | 'otp' | 'code' | 'passkey';

/** The steps that the app can take next. */
export interface Next {
  methods: readonly NextMethod[];
  /** The channels that can send codes; empty if there are none. */
  otpChannels: readonly string[];
}

/** The members that a successful step adds to the response. */
export interface Extras {
  /**
   * Present when a code has been sent, whether or not an account has the address. For a code that was sent before, only
   * the channel is present.
   */
  otp?: { channel: string; reference?: string; expires_in?: number; resend_after?: number };
  /** `PublicKeyCredentialRequestOptionsJSON` (WebAuthn Level 3 §5.1.8). */
  passkey_options?: object;
}

class ChallengeError extends errors.OIDCProviderError {
  constructor(error: string, description: string) {
    super(400, error);
    this.error_description = description;
    this.expose = true;
  }
}

/** Returns the same error for every reason that `auth_session` cannot be continued. */
export const invalidSession = (): Error =>
  new ChallengeError('invalid_session', 'auth_session is not valid, was used, has expired or is not yours');

/** Returns the error of a sign-in that can continue only in a browser, by a new authorization request. */
export const redirectToWeb = (): Error =>
  new ChallengeError('redirect_to_web', 'continue with an authorization request in a browser');

export const unmetAcr = (): Error =>
  new ChallengeError('unmet_authentication_requirements', 'none of the requested ACRs could be obtained');

/** The reasons for values that a person entered wrongly, after which the same step can be repeated. */
const WRONG: Readonly<Record<string, string>> = {
  INVALID_CREDENTIALS: 'wrong_password',
  CODE_WRONG: 'wrong_code',
  PASSKEY_REJECTED: 'passkey_rejected',
  PASSKEY_UNKNOWN: 'passkey_unknown',
};

/** Returns the `reason` in the response to a wrong value; undefined for any other failure. */
export const wrongness = (error: unknown): string | undefined =>
  error instanceof AppError ? WRONG[error.code] : undefined;

/** Responds with a request for the next step, or for the same step after a wrong value. */
export function askFor(
  ctx: KoaContextWithOIDC,
  { authSession, exp, now }: { authSession: string; exp: number; now: number },
  next: Next,
  { wrong, ...extras }: Extras & { wrong?: AppError } = {},
): void {
  if (wrong) noteError(ctx as never, wrong);
  // a step of a sign-in is not a refusal, in spite of its status
  else ctx.state.isExpected = true;
  ctx.status = 400;
  ctx.body = {
    error: 'insufficient_authorization',
    error_description: wrong?.message ?? 'the sign-in needs another step',
    ...(wrong ? { reason: wrongness(wrong) } : {}),
    auth_session: authSession,
    expires_in: Math.min(exp - now, AUTH_SESSION_SECONDS),
    next: next.methods,
    ...(next.otpChannels.length > 0 ? { otp_channels: next.otpChannels } : {}),
    ...extras,
  };
}
