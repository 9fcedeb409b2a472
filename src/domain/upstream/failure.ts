import { AppError } from '../../errors/app-error.ts';
import { OutboundError } from '../../lib/outbound.ts';

/** Errors of a response that mean "no": of OAuth (RFC 6749 §4.1.2.1), and Apple's own. */
const DENIALS: ReadonlySet<unknown> = new Set([
  'access_denied',
  'user_cancelled_authorize',
  'login_required',
]);
const TEMPORARY: ReadonlySet<unknown> = new Set(['server_error', 'temporarily_unavailable']);

/** What stopped the request itself, and not what came back. */
const isUnreached = (error: unknown): boolean => {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof OutboundError || ['TimeoutError', 'AbortError'].includes(cause.name)) return true;
  }
  return false;
};

/** A status of 500 and above in what the library could not use. */
function isBroken(error: unknown): boolean {
  const { cause, status } = (error ?? {}) as { cause?: unknown; status?: unknown };
  if (error instanceof Response || typeof status === 'number') return Number(status) >= 500;
  return cause !== undefined && isBroken(cause);
}

/** What a failure of the library means for the person who signs in; a doubt lets nobody in. */
export function failureOf(error: unknown): AppError {
  if (error instanceof AppError) {
    if (error.code === 'UNAVAILABLE')
      return new AppError('UPSTREAM_UNAVAILABLE', { reason: 'unavailable', cause: error });
    // its token was not made for our app
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
