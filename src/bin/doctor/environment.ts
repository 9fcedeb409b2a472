import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { hostOf, type OutboundError, outbound } from '../../lib/outbound.ts';
import { connectRedis } from '../../redis/connection.ts';
import { explainRedis } from '../../redis/explain.ts';
import { type Check, codeOf, fail, ok, warn } from './check.ts';
import { mailChecks } from './mail.ts';
import { upstreamChecks } from './upstream.ts';

const REDIS_WAIT_MS = 1500;

/**
 * A script with two keys of one hash tag, as the counters use. A sentinel refuses the script; a replica refuses its
 * writes.
 */
const SCRIPT = "for _, key in ipairs(KEYS) do redis.call('set', key, '', 'px', 1) end return 'ok'";

async function redisCheck(config: Config): Promise<Check> {
  const redis = connectRedis(config.redis);
  if (!redis) return ok('redis', 'not configured; not needed for a single server');
  try {
    await redis.ready(REDIS_WAIT_MS);
    await redis.run(SCRIPT, ['{pratu}:doctor:1', '{pratu}:doctor:2']);
    return ok('redis', `${redis.topology}, runs scripts`);
  } catch (error) {
    const { what, code, mend } = explainRedis(error);
    return fail('redis', `Redis ${what} (${code})`, mend);
  } finally {
    redis.close();
  }
}

/** Checks that the outbound request policy allows a configured URL. */
async function callable(name: string, variable: string, url: string, config: Config): Promise<Check> {
  const host = hostOf(new URL(url));
  try {
    await outbound(config.outbound).check(url);
    return ok(name, `${host} resolves and is allowed`);
  } catch (error) {
    const { reason, cause } = error as OutboundError;
    if (reason === 'address') {
      const allow = `Add it to outbound.allow in the file of CONFIG_FILE: outbound: { allow: ['${host}'] }.`;
      return fail(name, `${host} is a private address, and requests to it are refused`, allow);
    }
    if (reason === 'scheme') {
      const message = `${variable} is plain http, and requests to it are refused`;
      return fail(
        name,
        message,
        `Use https, or add ${host} to outbound.allow when it is on your own network.`,
      );
    }
    return fail(
      name,
      `cannot resolve ${host}: ${codeOf(cause)}`,
      `Correct ${variable}, or fix name resolution.`,
    );
  }
}

async function smsRoute(config: Config): Promise<Check> {
  const { messages, environment } = config;
  if (!messages.smsUrl) {
    if (environment !== 'production') return ok('sms', 'messages go to the development outbox (/dev/outbox)');
    return warn('sms', 'SMS_URL is not set: registration and SMS codes are disabled', 'Set SMS_URL.');
  }
  return callable('sms', 'SMS_URL', messages.smsUrl, config);
}

/** The server fetches this logo for the pages, like the logos of clients. */
const ownLogo = async (config: Config): Promise<Check[]> =>
  config.pages.logoUri && URL.canParse(config.pages.logoUri)
    ? [await callable('logo', 'pages.logoUri', config.pages.logoUri, config)]
    : [];

const facebookRoute = async (config: Config): Promise<Check[]> =>
  config.facebook.appId
    ? [await callable('facebook', 'FACEBOOK_GRAPH_URL', config.facebook.graphUrl, config)]
    : [];

const OTHERS = 0o077;

async function readableByOthers(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && (found.mode & OTHERS) !== 0;
}

/** Checks the permissions of the data folder, which holds the embedded database and the development key. */
async function dataFolder({ database: { dataDir } }: Config): Promise<Check> {
  const open: string[] = [];
  for (const path of [dataDir, join(dataDir, 'secret-key')]) {
    if (await readableByOthers(path)) open.push(path);
  }
  if (open.length === 0) return ok('data folder', `only the owner can access ${dataDir}`);
  return fail('data folder', `other users can read ${open.join(', ')}`, `Run: chmod -R go= ${dataDir}`);
}

function secretKey({ database }: Config, secretGiven: boolean): Check {
  if (secretGiven) return ok('secret key', 'set by SECRET_KEY or SECRET_KEY_FILE');
  const where = join(database.dataDir, 'secret-key');
  if (!database.url) return ok('secret key', `a development key in ${where}, stored with the data`);
  const message = `the database is elsewhere but its key is in ${where}: without that file the data is lost`;
  return warn('secret key', message, 'Set SECRET_KEY (openssl rand -base64 32).');
}

/** Checks everything around the server except its database and its address. */
export async function environmentChecks(config: Config, secretGiven: boolean): Promise<Check[]> {
  const [redis, mail, sms] = await Promise.all([redisCheck(config), mailChecks(config), smsRoute(config)]);
  const checks = [
    redis,
    ...mail,
    sms,
    ...(await facebookRoute(config)),
    ...(await upstreamChecks(config)),
    ...(await ownLogo(config)),
  ];
  const usesFolder = !config.database.url || !secretGiven;
  return [...checks, ...(usesFolder ? [await dataFolder(config)] : []), secretKey(config, secretGiven)];
}
