import type { Config } from './config.ts';

type Variables = Record<string, string | undefined>;
type Settings = { [Slice in keyof Config]?: Partial<Record<keyof Config[Slice] & string, unknown>> };

const number = (text: string | undefined): unknown => (text === undefined ? undefined : Number(text));

/**
 * The settings that environment variables give; an absent or empty variable gives nothing. Text that should be
 * a number becomes NaN and is refused by the schema, with the variable's setting named.
 */
export function fromEnvironment(all: Variables): Settings {
  const env: Variables = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
  return {
    server: {
      port: number(env.PORT),
      host: env.HOST,
      issuer: env.ISSUER,
      trustProxy: number(env.TRUST_PROXY),
      workers: number(env.WORKERS),
    },
    database: { url: env.DATABASE_URL, dataDir: env.DATA_DIR },
    redis: { url: env.REDIS_URL },
    log: { level: env.LOG_LEVEL },
    metrics: { token: env.METRICS_TOKEN, host: env.METRICS_HOST, port: number(env.METRICS_PORT) },
    passwords: { policy: env.PASSWORD_POLICY },
    messages: { smtpUrl: env.SMTP_URL, smsUrl: env.SMS_URL, from: env.MAIL_FROM },
    facebook: {
      appId: env.FACEBOOK_APP_ID,
      appSecret: env.FACEBOOK_APP_SECRET,
      graphUrl: env.FACEBOOK_GRAPH_URL,
    },
  };
}
