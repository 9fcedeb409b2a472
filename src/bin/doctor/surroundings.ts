import { lookup } from 'node:dns/promises';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Config } from '../../config/config.ts';
import { connectRedis } from '../../redis/connection.ts';
import { type Check, codeOf, fail, ok, warn } from './check.ts';

const REDIS_WAIT_MS = 1500;

export async function redisCheck(config: Config): Promise<Check> {
  const redis = connectRedis(config.redis);
  if (!redis) return ok('redis', 'not configured: enough for one server');
  try {
    if (redis.status !== 'ready') {
      await new Promise<void>((ready, failed) => {
        redis.once('ready', ready);
        setTimeout(() => failed(new Error('it does not answer')), REDIS_WAIT_MS).unref();
      });
    }
    await redis.ping();
    return ok('redis', 'answers');
  } catch {
    return fail('redis', 'REDIS_URL does not answer', 'Start Redis, or correct REDIS_URL.');
  } finally {
    redis.disconnect();
  }
}

async function mailRoute({ messages, environment }: Config): Promise<Check> {
  const { smtpUrl, timeoutMs } = messages;
  if (!smtpUrl) {
    if (environment !== 'production') return ok('mail', 'kept in the development outbox (/dev/outbox)');
    return warn('mail', 'SMTP_URL is not set: no mail is sent', 'Set SMTP_URL.');
  }
  const timeouts = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs };
  const transport = createTransport({ url: smtpUrl, ...timeouts });
  try {
    await transport.verify();
    return ok('mail', 'the mail server accepts the connection and the password');
  } catch (error) {
    const { responseCode } = error as { responseCode?: number };
    const why = [codeOf(error), responseCode].filter(Boolean).join(' ');
    return fail('mail', `the mail server cannot be used: ${why}`, 'Correct SMTP_URL.');
  } finally {
    transport.close();
  }
}

async function smsRoute({ messages, environment }: Config): Promise<Check> {
  if (!messages.smsUrl) {
    if (environment !== 'production') return ok('sms', 'kept in the development outbox (/dev/outbox)');
    return warn('sms', 'SMS_URL is not set: no SMS is sent', 'Set SMS_URL.');
  }
  const host = URL.parse(messages.smsUrl)?.hostname.replace(/^\[|\]$/g, '');
  if (!host) return fail('sms', 'SMS_URL is not a URL', 'Correct SMS_URL.');
  try {
    await lookup(host);
    return ok('sms', `${host} resolves`);
  } catch (error) {
    return fail('sms', `${host} does not resolve: ${codeOf(error)}`, 'Correct SMS_URL, or the resolver.');
  }
}

const OTHERS = 0o077;

async function readableByOthers(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && (found.mode & OTHERS) !== 0;
}

/** The data folder holds the embedded database and development's key. */
async function dataFolder({ database: { dataDir } }: Config): Promise<Check> {
  const open: string[] = [];
  for (const path of [dataDir, join(dataDir, 'secret-key')]) {
    if (await readableByOthers(path)) open.push(path);
  }
  if (open.length === 0) return ok('data folder', `${dataDir} is its owner's alone`);
  return fail('data folder', `others may read ${open.join(', ')}`, `Run: chmod -R go= ${dataDir}`);
}

function secretKey({ database }: Config, secretGiven: boolean): Check {
  if (secretGiven) return ok('secret key', 'SECRET_KEY is given by the environment');
  const where = join(database.dataDir, 'secret-key');
  if (!database.url) return ok('secret key', `development's own, in ${where}: it goes with the data`);
  const words = `the database is elsewhere and its key is in ${where}: losing the folder loses the data`;
  return warn('secret key', words, 'Set SECRET_KEY (openssl rand -base64 32).');
}

/** Everything around the server that is neither its database nor its address. */
export async function surroundingChecks(config: Config, secretGiven: boolean): Promise<Check[]> {
  const checks = await Promise.all([redisCheck(config), mailRoute(config), smsRoute(config)]);
  const usesFolder = !config.database.url || !secretGiven;
  return [...checks, ...(usesFolder ? [await dataFolder(config)] : []), secretKey(config, secretGiven)];
}
