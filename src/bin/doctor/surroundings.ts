import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Config } from '../../config/config.ts';
import { hostOf, type OutboundError, outbound } from '../../lib/outbound.ts';
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
    return warn('mail', 'SMTP_URL is not set: nothing that needs a mail is offered', 'Set SMTP_URL.');
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

/** Whether a URL of the settings may be called, by the rule of whatever calls it. */
async function callable(name: string, variable: string, url: string, config: Config): Promise<Check> {
  const host = hostOf(new URL(url));
  try {
    await outbound(config.outbound).check(url);
    return ok(name, `${host} resolves and may be called`);
  } catch (error) {
    const { reason, cause } = error as OutboundError;
    if (reason === 'address') {
      const allow = `Add it to outbound.allow in the file of CONFIG_FILE: outbound: { allow: ['${host}'] }.`;
      return fail(name, `${host} is a private address, and requests to it are refused`, allow);
    }
    if (reason === 'scheme') {
      const words = `${variable} is plain http, and requests to it are refused`;
      return fail(name, words, `Use https, or add ${host} to outbound.allow when it is on your own network.`);
    }
    return fail(name, `${host} does not resolve: ${codeOf(cause)}`, `Correct ${variable}, or the resolver.`);
  }
}

async function smsRoute(config: Config): Promise<Check> {
  const { messages, environment } = config;
  if (!messages.smsUrl) {
    if (environment !== 'production') return ok('sms', 'kept in the development outbox (/dev/outbox)');
    return warn(
      'sms',
      'SMS_URL is not set: registering and codes by SMS are offered nowhere',
      'Set SMS_URL.',
    );
  }
  return callable('sms', 'SMS_URL', messages.smsUrl, config);
}

const facebookRoute = async (config: Config): Promise<Check[]> =>
  config.facebook.appId
    ? [await callable('facebook', 'FACEBOOK_GRAPH_URL', config.facebook.graphUrl, config)]
    : [];

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
  checks.push(...(await facebookRoute(config)));
  const usesFolder = !config.database.url || !secretGiven;
  return [...checks, ...(usesFolder ? [await dataFolder(config)] : []), secretKey(config, secretGiven)];
}
