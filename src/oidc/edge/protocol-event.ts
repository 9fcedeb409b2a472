import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Change } from '../../db/one-statement.ts';
import { type AuditEvent, auditParts } from '../../domain/audit/audit.ts';
import type { Actor } from '../../lib/request-context.ts';

/**
 * Returns the actor of an event: the account's owner for the end of a session, the client for events at the token
 * endpoint.
 */
function actorOf(
  { oidc }: KoaContextWithOIDC,
  event: AuditEvent['event'],
  accountId: string | undefined,
): Actor | undefined {
  if (event === 'session.ended') return accountId === undefined ? undefined : `account:${accountId}`;
  return oidc.client && `client:${oidc.client.clientId}`;
}

/** Returns the statements that write an audit event of a request, for the transaction that causes it. */
export const protocolEvent = (
  ctx: KoaContextWithOIDC,
  event: AuditEvent['event'],
  accountId: string | undefined,
): Change[] =>
  auditParts({
    event,
    accountId: accountId === undefined ? undefined : Number(accountId),
    clientId: ctx.oidc.client?.clientId,
    actor: actorOf(ctx, event, accountId),
    requestId: ctx.state.requestId,
  });
