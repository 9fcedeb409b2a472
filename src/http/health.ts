import Router from '@koa/router';
import { withDeadline } from './deadline.ts';

export interface HealthDeps {
  /** Checks of the server's dependencies, by name. A check rejects when its dependency is not available. */
  checks: Record<string, () => Promise<void>>;
  /** Whether the server has begun to shut down. */
  draining(): boolean;
  /** The limit of each check. Defaults to 1000. */
  timeoutMs?: number;
}

interface Readiness {
  status: 'ready' | 'draining' | 'unavailable';
  checks: Record<string, 'ok' | 'failed'>;
}

/**
 * `GET /live`: the process is running; otherwise a supervisor restarts it. `GET /ready`: the server can take requests;
 * a load balancer skips it while the status is 503. Simultaneous probes share one round of checks.
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
