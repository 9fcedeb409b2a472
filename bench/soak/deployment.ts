import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { freePort } from '../../test/support/free-port.ts';
import { startPostgres } from '../services/postgres.ts';
import { type PratuProcess, startPratu } from '../services/pratu.ts';
import { startRedis } from '../services/redis.ts';

/**
 * Lifetimes of seconds instead of hours and days, so that values expire and are swept many times within a run. The
 * limits are high enough for a load from one address.
 */
const SETTINGS = `
tokens:
  authorizationCode: 5
  accessToken: 10
  passwordAccessToken: 10
  clientCredentials: 10
  idToken: 10
  refreshIdle: 15
  refreshAbsolute: 20
  refreshRepeat: 2
  interaction: 10
  sessionIdle: 30
  sessionAbsolute: 30
attempts: { perAccount: 1000000, perAddress: 1000000, beginningsPerAddress: 1000000, inTotal: 1000000, windowSeconds: 10, addressWindowSeconds: 10, totalWindowSeconds: 10 }
partners: { searchesPerMinute: 100000000, searchesPerDay: 100000000 }
jobs: { sweepMs: 2000 }
`;

/** A heap as in a small container, and garbage collection on request. */
const NODE_OPTIONS = `--max-old-space-size=256 --import=${new URL('collect.ts', import.meta.url)}`;

/**
 * Shortens what settings cannot shorten to the length of a run. A grant outlives the longest refresh token by a day,
 * and the audit trail is kept for a year. Here, a grant ends after the session and tokens that it may have issued have
 * expired. Audit events are old after a minute.
 */
const AGE = `
  with grants as (
    update records set expires_at = created_at + interval '75 s'
    where kind = 'Grant' and expires_at > pratu_now() + interval '1 hour'
  )
  update audit set at = at - interval '401 days'
  where at between pratu_now() - interval '1 day' and pratu_now() - interval '1 minute'`;

export interface Deployment {
  issuer: string;
  processes: readonly PratuProcess[];
  /** Queries the database directly, without the servers. */
  query: <Row>(sql: string) => Promise<Row[]>;
  /** Simulates the passage of time that settings cannot shorten. */
  age(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts two servers of one issuer on a PostgreSQL and a Redis of their own. When this fails, everything started is
 * stopped.
 */
export async function deploy(): Promise<Deployment> {
  const started: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of started.splice(0).reverse()) await end();
  };
  try {
    const postgres = await startPostgres();
    started.push(postgres.stop);
    const redis = await startRedis();
    started.push(redis.stop);
    const databaseUrl = await postgres.create('soak');
    const client = new Client(databaseUrl);
    await client.connect();
    started.push(() => client.end());
    // lifetimes are a hundredth of those in production, so dead rows have to be vacuumed correspondingly sooner
    await client.query(`alter system set autovacuum_naptime = '5s'`);
    await client.query('select pg_reload_conf()');

    const issuer = `http://localhost:${await freePort()}`;
    const options = {
      databaseUrl,
      redisUrl: redis.url,
      issuer,
      settings: SETTINGS,
      env: { SECRET_KEY: randomBytes(32).toString('base64'), NODE_OPTIONS },
    };
    const processes: PratuProcess[] = [];
    // one after the other: the first creates the schema and the demonstration data
    for (let count = 0; count < 2; count += 1) {
      const server = await startPratu(options);
      started.push(server.stop);
      processes.push(server);
    }
    return {
      issuer,
      processes,
      query: async (sql) => (await client.query(sql)).rows,
      age: async () => void (await client.query(AGE)),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
