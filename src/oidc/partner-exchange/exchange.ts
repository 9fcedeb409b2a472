import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { type AuditEvent, auditParts } from '../../domain/audit/audit.ts';
import type { MobileChecks } from '../../domain/partners/mobile-checks.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Clock } from '../../lib/clock.ts';
import { recordId } from '../../storage/record.ts';
import type { Records, UnitOfWork } from '../../storage/unit-of-work.ts';
import { ProtocolError } from '../edge/errors.ts';
import { currentUnit, type RequestUnit } from '../edge/unit.ts';
import { refuseAudienceForToken } from '../scopes/requested-resource.ts';
import { refuseJson } from './json-requests.ts';
import { type ExchangeParameters, readParameters, requestIdOf } from './parameters.ts';
import { REASON_OF, RESULTS, type Result, resultOf } from './results.ts';
import { senderOf, sentFields } from './sent-fields.ts';

export interface PartnerExchangeDeps {
  records: Records;
  mobileChecks: MobileChecks;
  clock: Clock;
}

/** Writes an audit event with the rest of a unit. */
function record(
  work: UnitOfWork,
  ctx: KoaContextWithOIDC,
  { result, accountId }: { result: Result; accountId?: string },
): void {
  const event: AuditEvent['event'] = result === '000' ? 'exchange.succeeded' : 'exchange.refused';
  const parts = auditParts({
    event,
    accountId: accountId === undefined ? undefined : Number(accountId),
    clientId: ctx.oidc.client?.clientId,
    actor: ctx.oidc.client && `client:${ctx.oidc.client.clientId}`,
    reason: result === '000' ? undefined : REASON_OF[result],
    requestId: ctx.state.requestId,
    details: { result, request_id: requestIdOf(sentFields(ctx)) },
  });
  work.put('audit exchange', ...parts);
}

/** Returns the response in the format of partners, made from the library's. */
function answer(ctx: KoaContextWithOIDC, { requestId, mobileNumber }: ExchangeParameters, now: Date) {
  const { access_token, token_type, expires_in, id_token, refresh_token } = ctx.body as Record<
    string,
    unknown
  >;
  return {
    res_code: '000' satisfies Result,
    res_message: RESULTS['000'],
    request_id: requestId,
    mobile_number: mobileNumber,
    access_token,
    token_type,
    expires_in,
    id_token,
    timestamp: now.toISOString(),
    refresh_token,
  };
}

/**
 * Wraps the library's code grant. For clients with the partner token profile, a code is valid only together with a
 * verified mobile number of its account; every other client uses the library's own grant. The number is checked after
 * everything else, immediately before the library consumes the code.
 */
export function partnerExchange({ mobileChecks, clock, records }: PartnerExchangeDeps) {
  async function exchange(
    ctx: KoaContextWithOIDC,
    unit: RequestUnit,
    handle: () => Promise<void>,
  ): Promise<void> {
    const { client, params, provider } = ctx.oidc;
    if (!client || !params) throw new errors.InvalidClient('client authentication is required');
    ctx.state.clientRequestId = requestIdOf(sentFields(ctx)) ?? undefined;
    const sent = readParameters(sentFields(ctx), clock.now());
    const value = String(params.code);
    const code = await provider.AuthorizationCode.find(value, { ignoreExpiration: true });
    if (!code) throw new errors.InvalidGrant('authorization code not found');
    params.redirect_uri = sent.redirectUri ?? code.redirectUri;
    unit.beforeClaim = async () => {
      const found = await mobileChecks.check({
        clientId: client.clientId,
        codeRecord: recordId('AuthorizationCode', value),
        accountId: Number(code.accountId),
        encrypted: sent.mobileNumber,
      });
      if (found === 'wrong') throw new ProtocolError(new AppError('MOBILE_NOT_OF_ACCOUNT'));
      if (found === 'spent') throw new errors.InvalidGrant('too many wrong mobile numbers');
    };
    await handle();
    ctx.body = answer(ctx, sent, clock.now());
    record(unit.work, ctx, { result: '000', accountId: code.accountId });
    // a unit that loses to another request writes nothing of its own
    unit.whenLost = async () => {
      const late = records.unit();
      record(late, ctx, { result: '103' });
      await late.commit();
      return undefined;
    };
  }

  return async (ctx: KoaContextWithOIDC, handle: () => Promise<void>): Promise<void> => {
    if (senderOf(ctx.oidc.client) !== 'partner') {
      refuseJson(ctx);
      refuseAudienceForToken(ctx);
      return handle();
    }
    const unit = currentUnit();
    if (!unit) throw new Error('code exchanged outside of a request');
    try {
      await exchange(ctx, unit, handle);
    } catch (error) {
      if (error instanceof errors.OIDCProviderError) {
        const { statusCode: status, error: word } = error;
        const code = error instanceof ProtocolError ? error.appCode : undefined;
        const result = resultOf({ status, error: word, code });
        ctx.state.exchangeResult = result;
        record(unit.work, ctx, { result });
      }
      throw error;
    }
  };
}
