import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { AppError } from '../../errors/app-error.ts';
import { noteError } from '../../http/refusal.ts';
import { AUTH_SESSION_SECONDS } from './auth-session.ts';

/** Methods, by the parameter that each is sent in. */
export type NextMethod = 'password' | 'otp' | 'code' | 'passkey';

/** What the app can do next. */
export interface Next {
  methods: readonly NextMethod[];
  /** How codes can be sent; empty where none can. */
  otpChannels: readonly string[];
}

/** What a step that went well adds to the answer. */
export interface Extras {
  /** A code is on its way, whether or not an account has the address; one that was before has the channel alone. */
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

/** One answer for every reason that `auth_session` cannot be gone on with. */
export const invalidSession = (): Error =>
  new ChallengeError('invalid_session', 'auth_session is not valid, was used, has expired or is not yours');

/** What remains can only be done in a browser: by an authorization request that begins again. */
export const redirectToWeb = (): Error =>
  new ChallengeError('redirect_to_web', 'continue with an authorization request in a browser');

export const unmetAcr = (): Error =>
  new ChallengeError('unmet_authentication_requirements', 'none of the requested ACRs could be obtained');

/** Wrong values of a person, after which the same step can be taken again. */
const WRONG: Readonly<Record<string, string>> = {
  INVALID_CREDENTIALS: 'wrong_password',
  CODE_WRONG: 'wrong_code',
  PASSKEY_REJECTED: 'passkey_rejected',
  PASSKEY_UNKNOWN: 'passkey_unknown',
};

/** The `reason` in the response to a wrong value; undefined for any other failure. */
export const wrongness = (error: unknown): string | undefined =>
  error instanceof AppError ? WRONG[error.code] : undefined;

/** Asks for the next step, or for the same again after a wrong value. */
export function askFor(
  ctx: KoaContextWithOIDC,
  { authSession, exp, now }: { authSession: string; exp: number; now: number },
  next: Next,
  { wrong, ...extras }: Extras & { wrong?: AppError } = {},
): void {
  if (wrong) noteError(ctx as never, wrong);
  // a step of a sign-in is no refusal, for all its status
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
