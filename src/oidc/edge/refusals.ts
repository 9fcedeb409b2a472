import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { noteError, noteRefusal } from '../../http/refusal.ts';
import { ProtocolError } from './errors.ts';

/** The library's events for a refused request, one for each endpoint. */
const REFUSED = [
  'authorization.error',
  'authorization_challenge.error',
  'backchannel_authentication.error',
  'code_verification.error',
  'device_authorization.error',
  'device_resume.error',
  'discovery.error',
  'end_session.error',
  'end_session_confirm.error',
  'grant.error',
  'introspection.error',
  'jwks.error',
  'pushed_authorization_request.error',
  'registration_create.error',
  'registration_delete.error',
  'registration_read.error',
  'registration_update.error',
  'revocation.error',
  'userinfo.error',
] as const;

interface Refused {
  message: string;
  error_description?: string;
  error_detail?: string;
  cause?: unknown;
}

/**
 * Returns the library's reason, which its response does not disclose. A parser's message is left out, because it
 * repeats the input.
 */
function reasonOf({
  error_detail: detail,
  error_description: description,
  cause,
}: Refused): string | undefined {
  return cause instanceof SyntaxError || detail === undefined ? description : detail;
}

/** Adds the reason for the refusal of a protocol request to the access log. */
export function noteRefusals(provider: Provider): void {
  const note = (ctx: KoaContextWithOIDC, error: Refused): void => {
    if (error instanceof ProtocolError) noteError(ctx, error.cause);
    else noteRefusal(ctx, { error: error.message, reason: reasonOf(error) });
  };
  for (const event of REFUSED) provider.on(event as 'grant.error', note as never);
}
