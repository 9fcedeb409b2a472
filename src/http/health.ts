import Router from '@koa/router';
import { withDeadline } from './deadline.ts';

export interface HealthDeps {
  /** What the server cannot do without, by name; each rejects when it is out of order. */
  checks: Record<string, () => Promise<void>>;
  /** True once the server has been told to stop. */
  draining(): boolean;
  /** For each check; a second unless told. */
  timeoutMs?: number;
}

interface Readiness {
  status: 'ready' | 'draining' | 'unavailable';
  checks: Record<string, 'ok' | 'failed'>;
}

/**
 * `GET /live`: the process runs; a supervisor restarts it otherwise. `GET /ready`: it may be given requests;
 * a balancer passes it over while this is 503. Probes that come at once share one round of checks.
 */
export function health({ checks, draining, timeoutMs = 1000 }: HealthDeps): Router {
  let round: Promise<Readiness> | undefined;

  async function look(): Promise<Readiness> {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        try {
          await withDeadline(timeoutMs, check);
          return [name, 'ok'] as const;
        } catch {
          return [name, 'failed'] as const;
        }
      }),
    );
    const healthy = results.every(([, result]) => result === 'ok');
    return { status: healthy ? 'ready' : 'unavailable', checks: Object.fromEntries(results) };
  }

  function readiness(): Promise<Readiness> {
    round ??= look().finally(() => {
      round = undefined;
    });
    return round;
  }

  const router = new Router({ strict: true, sensitive: true });
  router.get('/live', (ctx) => {
    ctx.body = { status: 'live' };
  });
  router.get('/ready', async (ctx) => {
    const found: Readiness = draining() ? { status: 'draining', checks: {} } : await readiness();
    ctx.status = found.status === 'ready' ? 200 : 503;
    if (ctx.status === 503) ctx.set('Retry-After', '1');
    ctx.body = found;
  });
  return router;
}
