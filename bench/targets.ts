import type { Postgres } from './services/postgres.ts';
import { type PratuTargetOptions, startPratuTarget } from './services/pratu-target.ts';
import type { Redis } from './services/redis.ts';
import { startReference } from './services/reference.ts';
import type { Target } from './target.ts';

interface Services {
  postgres: Postgres;
  redis: Redis;
}

type Way = (services: Services) => Promise<Omit<PratuTargetOptions, 'name'>>;

const onPostgres = async ({ postgres }: Services, database: string) => ({
  databaseUrl: await postgres.create(database),
  databasePid: await postgres.postmaster(),
});

/** The ways to run the product that are compared. */
export const WAYS: Record<string, Way> = {
  embedded: async () => ({}),
  PostgreSQL: (services) => onPostgres(services, 'one'),
  'PostgreSQL and Redis': async (services) => ({
    ...(await onPostgres(services, 'with_redis')),
    redisUrl: services.redis.url,
  }),
  'two processes': async (services) => ({
    ...(await onPostgres(services, 'two_processes')),
    workers: 2,
  }),
};

/** Starts plain oidc-provider, then the product in these ways, one after another. Calls `start` with each of them. */
export async function startTargets(
  names: readonly string[],
  services: Services,
  start: (starting: Promise<Target>) => Promise<Target>,
): Promise<Target[]> {
  const targets = [await start(startReference())];
  for (const name of names) {
    const options = await WAYS[name]?.(services);
    targets.push(await start(startPratuTarget({ name, ...options })));
  }
  return targets;
}
