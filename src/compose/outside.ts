import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { circuitBreaker } from '../db/circuit-breaker.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { databaseSentence, explainDatabase } from '../db/explain.ts';
import { BREACH_CHECK_BYTES, BREACH_CHECK_MS } from '../domain/credentials/breached-passwords.ts';
import { MAX_LOGO_BYTES } from '../domain/logos/logo.ts';
import { TIMEOUT_MS as WEBHOOK_TIMEOUT_MS } from '../domain/webhooks/webhook.ts';
import { sentenceOf } from '../lib/explanation.ts';
import { type Outbound, outbound } from '../lib/outbound.ts';
import { suppressRepeats } from '../lib/suppress-repeats.ts';
import { registeredTracing, type Tracing } from '../lib/tracing.ts';
import { connectRedis, type RedisConnection } from '../redis/connection.ts';
import { explainRedis } from '../redis/explain.ts';
import { tellOfReplica } from './metrics.ts';
import { VERSION } from './version.ts';

/** The connections to other systems that a server keeps open. */
export interface Outside {
  database: Database;
  redis: RedisConnection | undefined;
  tracing: Tracing | undefined;
  /** Logs a sentence. The same sentence is logged at most once in ten minutes. */
  tell: (sentence: string | undefined) => void;
  calls: Outbound;
  pictureCalls: Outbound;
  webhookCalls: Outbound;
  rangeCalls: Outbound;
  /** Starts the logging of database failures. Before that, the caller reports what prevents the start of a server. */
  begin(): void;
  close(): Promise<void>;
}

export async function openOutside({ config, log }: { config: Config; log: Logger }): Promise<Outside> {
  const tell = suppressRepeats((sentence) => log.error(sentence));
  const tracing = registeredTracing(VERSION);
  let begun = false;
  const database = await openDatabase(
    config.database,
    circuitBreaker({
      onFailure: (error) => begun && explainDatabase(error) && tell(databaseSentence(error)),
    }),
    tracing,
  );
  tellOfReplica(database, log);
  const redis = connectRedis(config.redis, (error) => tell(sentenceOf('Redis', explainRedis(error))));
  const calls = outbound(config.outbound);
  const pictureCalls = outbound({ ...config.outbound, maxBytes: MAX_LOGO_BYTES });
  const webhookCalls = outbound({ ...config.outbound, timeoutMs: WEBHOOK_TIMEOUT_MS });
  const rangeCalls = outbound({
    ...config.outbound,
    timeoutMs: BREACH_CHECK_MS,
    maxBytes: BREACH_CHECK_BYTES,
  });
  return {
    database,
    redis,
    tracing,
    tell,
    calls,
    pictureCalls,
    webhookCalls,
    rangeCalls,
    begin() {
      begun = true;
    },
    async close() {
      redis?.close();
      for (const each of [calls, pictureCalls, webhookCalls, rangeCalls]) await each.close();
      await database.close();
      await tracing?.flush();
    },
  };
}
