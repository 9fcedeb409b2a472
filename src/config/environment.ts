import type { Config } from './config.ts';

export type Variables = Record<string, string | undefined>;
type Settings = { [Slice in keyof Config]?: Partial<Record<keyof Config[Slice] & string, unknown>> };

/** The setting of each variable. `NODE_ENV`, `CONFIG_FILE` and `SECRET_KEY` are read separately. */
export const VARIABLES: Readonly<Record<string, string>> = {
  PORT: 'server.port',
  HOST: 'server.host',
  ISSUER: 'server.issuer',
  TRUST_PROXY: 'server.trustProxy',
  WORKERS: 'server.workers',
  DEVELOPMENT_PUBLIC: 'server.developmentPublic',
  DATABASE_URL: 'database.url',
  DATABASE_READ_URL: 'database.readUrl',
  DATABASE_POOLER: 'database.pooler',
  DATA_DIR: 'database.dataDir',
  REDIS_URL: 'redis.url',
  LOG_LEVEL: 'log.level',
  METRICS_TOKEN: 'metrics.token',
  METRICS_HOST: 'metrics.host',
  METRICS_PORT: 'metrics.port',
  TRACE_TRUST_PARENT: 'tracing.trustParent',
  PASSWORD_POLICY: 'passwords.policy',
  SMTP_URL: 'messages.smtpUrl',
  SMS_URL: 'messages.smsUrl',
  MAIL_FROM: 'messages.from',
  FACEBOOK_APP_ID: 'facebook.appId',
  FACEBOOK_APP_SECRET: 'facebook.appSecret',
  FACEBOOK_GRAPH_URL: 'facebook.graphUrl',
  FIREBASE_SIGNER_KEY: 'firebase.signerKey',
  BOTS_SECRET: 'bots.secret',
};

const NUMBERS: ReadonlySet<string> = new Set(['PORT', 'TRUST_PROXY', 'WORKERS', 'METRICS_PORT']);

const SWITCHES: ReadonlySet<string> = new Set(['DEVELOPMENT_PUBLIC', 'TRACE_TRUST_PARENT']);
const SWITCH: Readonly<Record<string, boolean>> = { 0: false, false: false, 1: true, true: true };

/**
 * Converts a value. Text that is not a number becomes NaN, and an invalid switch stays text. The schema refuses both.
 */
function read(name: string, text: string): unknown {
  if (NUMBERS.has(name)) return Number(text);
  return SWITCHES.has(name) ? (SWITCH[text] ?? text) : text;
}

/** Returns the settings from environment variables. An absent or empty variable sets nothing. */
export function fromEnvironment(variables: Variables): Settings {
  const settings: Record<string, Record<string, unknown>> = {};
  for (const [name, setting] of Object.entries(VARIABLES)) {
    const text = variables[name];
    if (!text) continue;
    const [slice = '', member = ''] = setting.split('.');
    settings[slice] = { ...settings[slice], [member]: read(name, text) };
  }
  return settings as Settings;
}

/** Returns the name of a setting for its operator, preceded by the variable that set it, if any. */
export function nameOf(setting: string, variables: Variables): string {
  const name = Object.keys(VARIABLES).find((each) => VARIABLES[each] === setting && variables[each]);
  return name ? `${name} (${setting})` : setting;
}
