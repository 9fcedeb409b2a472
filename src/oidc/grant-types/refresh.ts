import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Config } from '../../config/config.ts';
import { type Clock, epochSeconds } from '../../lib/clock.ts';
import { DAY_SECONDS } from '../../lib/durations.ts';
import { recordId } from '../../storage/record.ts';
import { prolong } from '../../storage/record-sql.ts';
import type { Records } from '../../storage/unit-of-work.ts';
import { protocolEvent } from '../edge/protocol-event.ts';
import { currentUnit, type RequestUnit } from '../edge/unit.ts';
import { refreshSeconds } from './refresh-lifetime.ts';
import { openAnswer, sealAnswer } from './repeatable-refresh.ts';

/** Thrown when the library queries whether to rotate: at that point everything is checked and nothing is written. */
class Repetition extends Error {}

export interface RefreshDeps {
  records: Records;
  /** Seconds during which the first response can be requested again. */
  repeatSeconds: number;
  onRepeat: () => void;
  /** Called when a simultaneous request reuses a token. Other reuses are events of the library (`events.ts`). */
  onReuse: () => void;
  tokens: Config['tokens'];
  clock: Clock;
}

/** The part of the idle lifetime after which a use extends a token: a day of thirty, so that few uses write a row. */
const EXTENDED_AFTER = 1 / 30;

/**
 * Returns whether this refresh rotates the token: always for public clients, for others if their registration requires
 * it. For a used token that may be repeated, throws to end the library's handling.
 */
export function rotateRefreshToken(ctx: KoaContextWithOIDC): boolean {
  const { client } = ctx.oidc;
  if (currentUnit()?.repeatable) throw new Repetition();
  return client?.clientAuthMethod === 'none' || client?.rotate_refresh_tokens === true;
}

/** Ends the whole family: a used token was sent with a request that differs from its first use. */
async function refuseReuse(ctx: KoaContextWithOIDC, consumed: number | null): Promise<never> {
  const { provider, entities } = ctx.oidc;
  // marks the token as used, for the listeners that detect reuse
  if (entities.RefreshToken && consumed !== null) entities.RefreshToken.consumed = Math.floor(consumed);
  const grantId = entities.RefreshToken?.grantId;
  if (grantId) {
    await provider.AccessToken.revokeByGrantId(grantId);
    await entities.Grant?.destroy();
  }
  throw new errors.InvalidGrant('refresh token already used');
}

/** Wraps the library's refresh grant, so that a retry after a lost response gets that response again. */
export function repeatableRefresh(deps: RefreshDeps) {
  async function endFamily(ctx: KoaContextWithOIDC, grantRecord: string): Promise<void> {
    const work = deps.records.unit();
    work.put(
      'audit refresh.reused',
      ...protocolEvent(ctx, 'refresh.reused', ctx.oidc.entities.RefreshToken?.accountId),
    );
    work.revoke(grantRecord);
    work.remove(grantRecord);
    await work.commit();
    deps.onReuse();
  }

  function leaveAnswer(ctx: KoaContextWithOIDC, unit: RequestUnit, presented: string): void {
    const answer = JSON.stringify(ctx.body);
    const { refresh_token: successor } = ctx.body as { refresh_token: string };
    const used = recordId('RefreshToken', presented);
    unit.work.claim({
      id: used,
      answer: sealAnswer(ctx, presented, answer),
      lifetime: deps.repeatSeconds,
      successor: recordId('RefreshToken', successor),
    });
    // sent as exactly the bytes that a repetition receives
    ctx.body = answer;
    ctx.type = 'application/json';
    unit.whenLost = async () => {
      const record = await deps.records.find(used);
      const fresh =
        record?.successorUnused && (record.consumedAge ?? Number.POSITIVE_INFINITY) <= deps.repeatSeconds;
      const first = fresh && record.answer ? openAnswer(ctx, presented, record.answer) : undefined;
      // the same token at the same moment with a different request: not a repetition
      if (fresh && first === undefined && record.grantId) await endFamily(ctx, record.grantId);
      if (first !== undefined) deps.onRepeat();
      return first;
    };
  }

  /** Restarts the idle lifetime of a token that was not rotated. */
  function extend(ctx: KoaContextWithOIDC, unit: RequestUnit, presented: string): void {
    const token = ctx.oidc.entities.RefreshToken;
    if (token?.exp === undefined || token.iiat === undefined) return;
    const now = epochSeconds(deps.clock.now());
    const exp = now + refreshSeconds(deps.tokens, now - token.iiat);
    const gained = exp - token.exp;
    if (gained > Math.min(DAY_SECONDS, deps.tokens.refreshIdle * EXTENDED_AFTER))
      unit.work.put('refresh token', prolong(recordId('RefreshToken', presented), exp));
  }

  return async (ctx: KoaContextWithOIDC, handle: () => Promise<void>): Promise<void> => {
    const presented = ctx.oidc.params?.refresh_token as string;
    const unit = currentUnit();
    try {
      await handle();
    } catch (error) {
      if (!(error instanceof Repetition)) throw error;
      const answer = unit?.repeatable?.record.answer;
      const first = answer ? openAnswer(ctx, presented, answer) : undefined;
      if (first === undefined) await refuseReuse(ctx, unit?.repeatable?.record.consumed ?? null);
      ctx.body = first;
      ctx.type = 'application/json';
      deps.onRepeat();
      return;
    }
    if (!unit) return;
    if (ctx.oidc.entities.RotatedRefreshToken) leaveAnswer(ctx, unit, presented);
    else extend(ctx, unit, presented);
  };
}
