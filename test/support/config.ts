import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load-config.ts';

/** A fixed key of 32 bytes, for tests only. */
export const TEST_SECRET_KEY = Buffer.alloc(32, 7).toString('base64');

let loaded: Promise<Config> | undefined;

/** The settings of `config/test.yaml`. Of the environment, only the variables named here apply. */
export function testConfig(): Promise<Config> {
  const { REDIS_URL, DATABASE_POOLER } = process.env;
  loaded ??= loadConfig({ NODE_ENV: 'test', SECRET_KEY: TEST_SECRET_KEY, REDIS_URL, DATABASE_POOLER });
  return loaded;
}
