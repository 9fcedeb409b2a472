import type { Context } from 'koa';
import type { ClientCache } from '../../domain/clients/client-cache.ts';
import type { Operators } from '../../domain/operators/operators.ts';
import { type AdminScope, scopesOfRole } from '../../domain/operators/role.ts';
import type { Refusals } from '../../domain/rate-limits/refusals.ts';
import { AppError } from '../../errors/app-error.ts';
import { type Actor, actAs, noteOfRequest } from '../../lib/request-context.ts';
import { type OperatorSignIn, weaknessOf } from './operator-sign-in.ts';
import { SCOPES } from './scopes.ts';

/** The caller: an operator through a client, or a client on its own. */
export interface Caller {
  actor: Actor;
}

/** The client of an access token for this API and, if a person signed in, the account. */
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
  /** Whether operators need two factors. A client on its own has no sign-in. */
  needsSecondFactor: boolean;
  now: () => Date;
}

const LONGEST_REASON = 200;

/** Decodes the header as UTF-8, because reasons may be written in Thai. */
const reasonOf = (ctx: Context): string => Buffer.from(ctx.get('X-Reason'), 'latin1').toString().trim();

/**
 * Returns the scopes of a token, limited on every request: for an operator, to those of the current role; for a client
 * on its own, to those of its registration. Throws `INVALID_TOKEN` for a client of dynamic registration, because no
 * operator has approved it.
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
 * Throws `INVALID_TOKEN`, or `INSUFFICIENT_SCOPE` if the caller does not have the scope of the operation. Throws
 * `INSUFFICIENT_USER_AUTHENTICATION` only after these checks, because a new sign-in would not help any other caller.
 */
export const authenticate =
  (deps: Deps) =>
  async (ctx: Context, operation: { id: string }): Promise<Caller> => {
    const bearer = await deps.findBearer(ctx);
    ctx.state.clientId = bearer.clientId;
    const scopes = await allowedScopes(deps, bearer);
    const actor: Actor =
      bearer.accountId === undefined ? `client:${bearer.clientId}` : `operator:${bearer.accountId}`;
    actAs(actor, scopes);
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
