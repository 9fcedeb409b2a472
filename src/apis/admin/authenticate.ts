import type { Context } from 'koa';
import type { ClientCache } from '../../domain/clients/client-cache.ts';
import type { Operators } from '../../domain/operators/operators.ts';
import { type AdminScope, scopesOfRole } from '../../domain/operators/role.ts';
import type { Refusals } from '../../domain/rate-limits/refusals.ts';
import { AppError } from '../../errors/app-error.ts';
import { type Actor, actAs, noteOfRequest } from '../../lib/request-context.ts';
import { type OperatorSignIn, weaknessOf } from './operator-sign-in.ts';
import { SCOPES } from './scopes.ts';

/** Who calls: an operator through a client, or a client without one. */
export interface Caller {
  actor: Actor;
}

/** The client and, where a person signed in, the account behind an access token for this API. */
interface Bearer {
  clientId: string;
  accountId: number | undefined;
  signIn: OperatorSignIn | undefined;
  scopes: ReadonlySet<string>;
}

interface Deps {
  findBearer: (ctx: Context) => Promise<Bearer>;
  operators: Pick<Operators, 'roleOf'>;
  clientCache: Pick<ClientCache, 'find'>;
  refusals: Pick<Refusals, 'note'>;
  /** Operators need two factors; a client on its own has no sign-in. */
  needsSecondFactor: boolean;
  now: () => Date;
}

const LONGEST_REASON = 200;

/** A header is bytes; people write reasons in Thai too. */
const reasonOf = (ctx: Context): string => Buffer.from(ctx.get('X-Reason'), 'latin1').toString().trim();

/**
 * The scopes of a token, limited on every request: an operator's to what the role allows now, a client's own to those
 * of its registration. A client of dynamic registration gets none: no operator has approved it.
 */
async function allowedScopes(
  { operators, clientCache }: Deps,
  { clientId, accountId, scopes }: Bearer,
): Promise<ReadonlySet<string>> {
  const client = await clientCache.find(clientId);
  if (!client || client.dynamic) throw new AppError('INVALID_TOKEN');
  const allowed =
    accountId === undefined
      ? new Set(client.metadata.client_credentials_scope?.split(' '))
      : scopesOfRole(await operators.roleOf(accountId));
  return new Set([...scopes].filter((scope) => allowed.has(scope)));
}

export const requiredScope = (operationId: string): AdminScope => {
  const scope = SCOPES[operationId];
  if (!scope) throw new Error(`${operationId} has no scope`);
  return scope;
};

/** Throws `INSUFFICIENT_USER_AUTHENTICATION` for a token of an operator who has to sign in again, with two factors. */
async function requireSignIn(
  { needsSecondFactor, now, refusals }: Deps,
  { accountId, clientId, signIn }: Bearer,
): Promise<void> {
  const reason = needsSecondFactor && accountId !== undefined ? weaknessOf(signIn, now()) : undefined;
  if (reason === undefined) return;
  const subject = `operator:${accountId} ${reason}`;
  await refusals.note({ event: 'operator.refused', clientId, accountId, reason }, { subject });
  throw new AppError('INSUFFICIENT_USER_AUTHENTICATION', { reason });
}

/**
 * Throws `INVALID_TOKEN`, and `INSUFFICIENT_SCOPE` when the caller may not do this. Only then it
 * throws `INSUFFICIENT_USER_AUTHENTICATION`: to others a new sign-in would be of no use.
 */
export const authenticate =
  (deps: Deps) =>
  async (ctx: Context, operation: { id: string }): Promise<Caller> => {
    const bearer = await deps.findBearer(ctx);
    ctx.state.clientId = bearer.clientId;
    const scopes = await allowedScopes(deps, bearer);
    const actor: Actor =
      bearer.accountId === undefined ? `client:${bearer.clientId}` : `operator:${bearer.accountId}`;
    actAs(actor);
    const scope = requiredScope(operation.id);
    if (!scopes.has(scope)) {
      const { clientId, accountId } = bearer;
      const event = accountId === undefined ? 'client.refused' : 'operator.refused';
      await deps.refusals.note(
        { event, clientId, accountId, reason: 'insufficient_scope', details: { scope } },
        { subject: `${actor} ${scope}` },
      );
      throw new AppError('INSUFFICIENT_SCOPE');
    }
    await requireSignIn(deps, bearer);
    const reason = reasonOf(ctx);
    if ([...reason].length > LONGEST_REASON) throw new AppError('INVALID_TEXT', { field: 'X-Reason' });
    if (reason !== '') noteOfRequest(reason);
    return { actor };
  };
