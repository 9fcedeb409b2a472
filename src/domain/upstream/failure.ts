import { AppError } from '../../errors/app-error.ts';
import { OutboundError } from '../../lib/outbound.ts';

/** The error codes of a denial: of OAuth (RFC 6749 §4.1.2.1), OpenID Connect (Core §3.1.2.6) and Apple. */
const DENIALS: ReadonlySet<unknown> = new Set([
  'access_denied',
  'user_cancelled_authorize',
  'login_required',
]);
const TEMPORARY: ReadonlySet<unknown> = new Set(['server_error', 'temporarily_unavailable']);

/** Whether the request itself failed, rather than its response. */
const isUnreached = (error: unknown): boolean => {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof OutboundError || ['TimeoutError', 'AbortError'].includes(cause.name)) return true;
  }
  return false;
};

/** Whether the library rejected a response with a status of 500 or above. */
function isBroken(error: unknown): boolean {
  const { cause, status } = (error ?? {}) as { cause?: unknown; status?: unknown };
  if (error instanceof Response || typeof status === 'number') return Number(status) >= 500;
  return cause !== undefined && isBroken(cause);
}

/** Translates a failure of the library for the person who signs in; an inconclusive one also refuses the sign-in. */
export function failureOf(error: unknown): AppError {
  if (error instanceof AppError) {
    if (error.code === 'UNAVAILABLE')
      return new AppError('UPSTREAM_UNAVAILABLE', { reason: 'unavailable', cause: error });
    // its token was not issued to this app
    if (error.code === 'FACEBOOK_REFUSED')
      return new AppError('UPSTREAM_INVALID', { reason: 'upstream_invalid', cause: error });
    return error;
  }
  const { error: code } = (error ?? {}) as { error?: unknown };
  if (DENIALS.has(code)) return new AppError('UPSTREAM_DENIED', { reason: 'upstream_denied', cause: error });
  if (TEMPORARY.has(code) || isUnreached(error) || isBroken(error))
    return new AppError('UPSTREAM_UNAVAILABLE', { reason: 'unavailable', cause: error });
  return new AppError('UPSTREAM_INVALID', { reason: 'upstream_invalid', cause: error });
}
