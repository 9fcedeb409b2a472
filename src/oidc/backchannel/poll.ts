import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Config } from '../../config/config.ts';
import type { Counters } from '../../domain/rate-limits/counters.ts';

export interface PollDeps {
  pollCounters: Pick<Counters, 'consume'>;
  ciba: Config['ciba'];
}

/**
 * Responds with `slow_down` in place of `authorization_pending` to a client that polls too often (CIBA Core §11). A
 * tolerance of one second covers variations of the network delay between two polls.
 */
export async function pollInTurn(
  { pollCounters, ciba }: PollDeps,
  ctx: KoaContextWithOIDC,
  issue: () => Promise<void>,
): Promise<void> {
  try {
    await issue();
  } catch (error) {
    if (!(error instanceof errors.AuthorizationPending)) throw error;
    const name = `poll ${String(ctx.oidc.params?.auth_req_id)}`;
    const { taken } = await pollCounters.consume(name, 1, Math.max(1, ciba.interval - 1));
    throw taken ? error : new errors.SlowDown();
  }
}
