import { type Configuration, errors, type KoaContextWithOIDC, type Provider } from 'oidc-provider';
import { auditParts } from '../../domain/audit/audit.ts';
import { type Clock, epochSeconds } from '../../lib/clock.ts';
import { recordId } from '../../storage/record.ts';
import { currentUnit, type RequestUnit } from '../edge/unit.ts';
import { refusePublicClient } from '../grant-types/client-credentials.ts';
import {
  checkDpopReplay,
  checkDpopRequired,
  checkMtlsCert,
  resolveRequestedResources,
  validateDpop,
} from '../library/internals.ts';
import { concerns, type ExchangeRule, rulesOf, TOKEN_EXCHANGE } from '../scopes/exchange-policy.ts';
import { scopesOf } from '../scopes/scopes.ts';
import {
  ACCESS_TOKEN_TYPE,
  EXCHANGE_PARAMETERS,
  type ExchangeRequest,
  JWT_TYPE,
  readExchange,
} from './parameters.ts';
import { type Act, type PresentedToken, presentedToken } from './presented-token.ts';

export interface TokenExchangeDeps {
  clock: Clock;
  pairwiseSubject: NonNullable<Configuration['pairwiseIdentifier']>;
}

type Client = NonNullable<KoaContextWithOIDC['oidc']['client']>;

/** The maximum number of parties that acted one after another, in a token. */
const LONGEST_CHAIN = 10;

const depthOf = (act: Act | undefined): number => (act === undefined ? 0 : 1 + depthOf(act.act));

/** Returns the resource of the new token. It may be omitted from the request if the policy has only one. */
function targetOf({ target }: ExchangeRequest, rules: readonly ExchangeRule[]): string {
  const allowed = new Set(rules.map(({ resource }) => resource));
  const [only, ...others] = allowed;
  const wanted = target ?? (others.length === 0 ? only : undefined);
  if (wanted === undefined) throw new errors.InvalidTarget("the parameter 'resource' is required");
  if (!allowed.has(wanted))
    throw new errors.InvalidTarget('the client may not exchange tokens for this resource');
  return wanted;
}

/** Returns the rule that allows this exchange. An actor token requests delegation. */
function ruleFor(
  rules: readonly ExchangeRule[],
  { resource, subject, byActor }: { resource: string; subject: PresentedToken; byActor: boolean },
): ExchangeRule {
  const fitting = rules.filter((rule) => rule.resource === resource && concerns(rule, subject));
  if (fitting.length === 0)
    throw new errors.InvalidRequest("the client may not exchange this 'subject_token' for this resource");
  const rule = byActor ? fitting.find(({ mode }) => mode === 'delegation') : fitting[0];
  if (!rule) throw new errors.InvalidRequest("the client may not send an 'actor_token'");
  return rule;
}

/**
 * Returns the scope of the new token: within that of the rule and, for the same resource as before, within the previous
 * scope.
 */
function scopeOf(
  ctx: KoaContextWithOIDC,
  { rule, subject, offered }: { rule: ExchangeRule; subject: PresentedToken; offered: ReadonlySet<string> },
): string {
  const isSame = subject.audiences.includes(rule.resource);
  const allowed = scopesOf(rule.scope).filter(
    (scope) => offered.has(scope) && (!isSame || subject.scopes.includes(scope)),
  );
  const asked = scopesOf(ctx.oidc.params?.scope as string | undefined);
  const excess = asked.filter((scope) => !allowed.includes(scope));
  if (excess.length > 0 || allowed.length === 0)
    throw new errors.InvalidScope('requested scope is not allowed', excess.join(' '));
  return (asked.length > 0 ? asked : allowed).join(' ');
}

/** Writes the audit event of the exchange with the token: which client acted for which account. */
function record(
  unit: RequestUnit,
  ctx: KoaContextWithOIDC,
  { rule, subject, act }: { rule: ExchangeRule; subject: PresentedToken; act: Act | undefined },
): void {
  const { client } = ctx.oidc;
  const parts = auditParts({
    event: 'token.exchanged',
    accountId: Number(subject.accountId),
    clientId: client?.clientId,
    actor: client && `client:${client.clientId}`,
    requestId: ctx.state.requestId,
    details: {
      mode: rule.mode,
      resource: rule.resource,
      subject_client: subject.clientId,
      acting: act?.sub ?? null,
    },
  });
  unit.work.put('audit token exchange', ...parts);
}

/**
 * Adds the token exchange (RFC 8693): a client exchanges the access token of a person for one for another resource, as
 * the policy in its registration allows. Part of the request's unit of work. The new token belongs to the grant of the
 * old one and ends with it, does not outlive the old one, and can never be refreshed.
 */
export function addTokenExchange(provider: Provider, { clock, pairwiseSubject }: TokenExchangeDeps): void {
  async function actOf(
    ctx: KoaContextWithOIDC,
    client: Client,
    {
      rule,
      subject,
      actor,
    }: { rule: ExchangeRule; subject: PresentedToken; actor: PresentedToken | undefined },
  ): Promise<Act | undefined> {
    // impersonation does not remove an actor that the token already contains
    if (rule.mode === 'impersonation') return subject.act;
    if (depthOf(subject.act) >= LONGEST_CHAIN)
      throw new errors.InvalidRequest(`'subject_token' names ${LONGEST_CHAIN} actors already`);
    const person = actor?.accountId;
    const isPairwise = (client as unknown as { subjectType?: string }).subjectType === 'pairwise';
    const sub = person !== undefined && isPairwise ? await pairwiseSubject(ctx, person, client) : person;
    const before = subject.act === undefined ? {} : { act: subject.act };
    return { sub: sub ?? client.clientId, client_id: client.clientId, ...before };
  }

  async function exchange(ctx: KoaContextWithOIDC, unit: RequestUnit): Promise<void> {
    const { client, provider: op } = ctx.oidc;
    if (!client || !ctx.oidc.params) throw new errors.InvalidClient('client authentication is required');
    refusePublicClient(ctx);
    const rules = rulesOf(client.token_exchange);
    if (rules.length === 0) throw new errors.UnauthorizedClient('the client may not exchange tokens');
    const request = readExchange(ctx);
    const proof = await validateDpop(op, ctx);
    checkDpopRequired(op, ctx, proof);
    const certificate = checkMtlsCert(op, ctx);

    const resource = targetOf(request, rules);
    const subject = await presentedToken(ctx, request.subject);
    if (subject.accountId === undefined || subject.grantRecord === undefined)
      throw new errors.InvalidRequest("'subject_token' must be the token of a person");
    const actor = request.actor && (await presentedToken(ctx, request.actor));
    if (actor && actor.clientId !== client.clientId)
      throw new errors.InvalidRequest("'actor_token' must have been issued to this client");
    const rule = ruleFor(rules, { resource, subject, byActor: actor !== undefined });

    ctx.oidc.params.resource = resource;
    const [resourceServer] = await resolveRequestedResources(op, ctx);
    if (!resourceServer) throw new errors.InvalidTarget();
    const isJwt = resourceServer.accessTokenFormat === 'jwt';
    if (request.requestedType === JWT_TYPE && !isJwt)
      throw new errors.InvalidRequest("tokens of this resource are no JWTs: 'requested_token_type'");
    const scope = scopeOf(ctx, { rule, subject, offered: new Set(scopesOf(resourceServer.scope)) });
    const act = await actOf(ctx, client, { rule, subject, actor });

    const until = Math.min(subject.exp, actor?.exp ?? Number.POSITIVE_INFINITY);
    const left = until - epochSeconds(clock.now());
    if (left < 1) throw new errors.InvalidRequest("'subject_token' is not valid");
    const token = new op.AccessToken({
      accountId: subject.accountId,
      client,
      gty: TOKEN_EXCHANGE,
      scope,
      resourceServer,
      sessionUid: subject.sessionUid,
      expiresIn: Math.min(left, resourceServer.accessTokenTTL ?? left),
      extra: {
        ...subject.authentication,
        ...(act === undefined ? {} : { act }),
        ...(isJwt ? { grant_id: subject.grantRecord } : {}),
      },
    } as unknown as ConstructorParameters<typeof op.AccessToken>[0]);
    if (certificate) token.setThumbprint('x5t', certificate);
    if (proof) {
      await checkDpopReplay(op, ctx, proof, client.clientId, errors.InvalidGrant);
      token.setThumbprint('jkt', proof.thumbprint);
    }
    for (const bound of [subject, ...(actor ? [actor] : [])])
      if (
        (bound.jkt !== undefined && bound.jkt !== token.jkt) ||
        (bound.x5t !== undefined && bound.x5t !== token['x5t#S256'])
      )
        throw new errors.InvalidRequest('the token is bound to a key that this request does not prove');

    const value = await token.save();
    const saved = unit.work.pending(recordId('AccessToken', value));
    // not a grant of its own: the library would look for one of this client
    if (saved) unit.work.insert({ ...saved, grantId: subject.grantRecord, codeId: subject.codeRecord });
    record(unit, ctx, { rule, subject, act });
    ctx.body = {
      access_token: value,
      issued_token_type: request.requestedType ?? ACCESS_TOKEN_TYPE,
      token_type: token.tokenType,
      expires_in: token.expiration,
      scope,
    };
  }

  const handler = async (ctx: KoaContextWithOIDC): Promise<void> => {
    const unit = currentUnit();
    if (!unit) throw new Error('token exchanged outside of a request');
    await exchange(ctx, unit);
  };
  provider.registerGrantType(TOKEN_EXCHANGE, handler, [...EXCHANGE_PARAMETERS]);
}
