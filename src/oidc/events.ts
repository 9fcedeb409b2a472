import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { AuditEvent } from '../domain/audit/audit.ts';
import type { Channel } from '../domain/clients/client.ts';
import type { LastAccess } from '../domain/last-access/last-access.ts';
import type { Refusal, Refusals } from '../domain/rate-limits/refusals.ts';
import type { Metrics } from '../http/metrics.ts';
import { ProtocolError } from './edge/errors.ts';
import { protocolEvent } from './edge/protocol-event.ts';
import { isOfOtherGrant } from './edge/token-errors.ts';
import { currentUnit } from './edge/unit.ts';
import { TOKEN_EXCHANGE } from './scopes/exchange-policy.ts';

interface EventDeps {
  metrics: Pick<Metrics, 'loginEnded' | 'refreshReused' | 'exchangeEnded'>;
  lastAccess: LastAccess;
  refusals: Pick<Refusals, 'note'>;
}

/** Writes an audit event in the transaction of the request. */
function record(ctx: KoaContextWithOIDC, event: AuditEvent['event'], accountId: string | undefined): void {
  currentUnit()?.work.put(`audit ${event}`, ...protocolEvent(ctx, event, accountId));
}

const PASSWORD_OUTCOMES: Record<string, string> = {
  INVALID_CREDENTIALS: 'wrong',
  TOO_MANY_ATTEMPTS: 'limited',
};

/** The refusals of the audit trail, by the library's error. */
const REFUSALS: Readonly<Record<string, Pick<Refusal, 'event' | 'reason'>>> = {
  invalid_client: { event: 'client.refused', reason: 'client_not_authenticated' },
  unauthorized_client: { event: 'client.refused', reason: 'client_not_allowed' },
  unmet_authentication_requirements: { event: 'sign_in.refused', reason: 'second_factor_missing' },
};

/**
 * Returns the refusal of a token exchange that a client may not perform. A client that is not authenticated is recorded
 * like any other.
 */
const ofExchange = (
  { oidc }: KoaContextWithOIDC,
  error: { message: string },
): (typeof REFUSALS)[string] | undefined =>
  oidc?.params?.grant_type === TOKEN_EXCHANGE && error.message !== 'invalid_client'
    ? { event: 'token.exchange_refused', reason: 'client_not_allowed' }
    : undefined;

/** Records a refusal of the library. For a client that does not exist, there is only a log line. */
function noteRefused(
  refusals: EventDeps['refusals'],
  ctx: KoaContextWithOIDC,
  error: { message: string; error_description?: string },
): void {
  const name = isOfOtherGrant(error) ? 'unauthorized_client' : error.message;
  const refusal = ofExchange(ctx, error) ?? REFUSALS[name];
  const clientId = ctx.oidc?.client?.clientId;
  if (!refusal || clientId === undefined) return;
  const person = ctx.oidc.session?.accountId;
  const accountId = refusal.event === 'sign_in.refused' && person ? Number(person) : undefined;
  const subject = `client ${clientId} ${refusal.reason} ${accountId ?? ''}`;
  // the response does not wait for it, and does not depend on it
  refusals
    .note({ ...refusal, clientId, accountId, requestId: ctx.state.requestId }, { subject })
    .catch(() => {});
}

/** The library's events for refusals at the endpoints where people sign in and clients authenticate. */
const REFUSING = [
  'authorization.error',
  'authorization_challenge.error',
  'backchannel_authentication.error',
  'device_authorization.error',
  'grant.error',
  'introspection.error',
  'pushed_authorization_request.error',
  'revocation.error',
] as const;

/** Subscribes to the library's events, for the audit trail, the metrics, and the response to an outage. */
export function listenTo(provider: Provider, { metrics, lastAccess, refusals }: EventDeps): void {
  for (const event of REFUSING)
    provider.on(event as 'grant.error', (ctx, error) => noteRefused(refusals, ctx, error));
  // the library responds with 500 to any unexpected error; the unit of work rethrows it, for the edge to present
  provider.on('server_error', (ctx, error) => {
    ctx.state.protocolFailure = error;
  });
  for (const event of ['authorization_challenge.error', 'backchannel_authentication.error', 'grant.error'])
    provider.on(event as 'grant.error', (ctx, error) => {
      if (error instanceof ProtocolError && error.retryAfter !== undefined)
        ctx.set('Retry-After', String(error.retryAfter));
    });
  provider.on('grant.error', (ctx, error) => {
    if (ctx.oidc?.params?.grant_type === 'password' && error instanceof ProtocolError) {
      metrics.loginEnded('password_grant', PASSWORD_OUTCOMES[error.appCode] ?? 'refused');
    }
    if (ctx.oidc?.params?.grant_type === TOKEN_EXCHANGE) metrics.exchangeEnded('refused');
    if (error.error_description === 'grant request is invalid' && ctx.oidc?.entities.RefreshToken?.consumed) {
      metrics.refreshReused();
      record(ctx, 'refresh.reused', ctx.oidc.entities.RefreshToken.accountId);
    }
  });
  provider.on('grant.success', (ctx) => {
    if (ctx.oidc.params?.grant_type === 'password') metrics.loginEnded('password_grant', 'right');
    if (ctx.oidc.params?.grant_type === TOKEN_EXCHANGE) metrics.exchangeEnded('succeeded');
    const { client, entities } = ctx.oidc;
    const { accountId } = entities.AccessToken ?? {};
    if (accountId !== undefined) lastAccess.note(Number(accountId), client?.channel as Channel | undefined);
  });
  provider.on('authorization.success', (ctx) => {
    // without a channel: partners are only notified of tokens, as before
    const accountId = ctx.oidc.session?.accountId;
    if (accountId !== undefined) lastAccess.note(Number(accountId), undefined);
  });
  provider.on('end_session.success', (ctx) => {
    record(ctx, 'session.ended', ctx.oidc.session?.accountId);
  });
}
