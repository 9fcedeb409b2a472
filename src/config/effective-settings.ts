import type { Config } from './config.ts';
import { VARIABLES, type Variables } from './environment.ts';
import { readLayers } from './load-config.ts';
import { isUpstreamSecret } from './upstream.ts';
import { withFiles } from './variable-files.ts';

/** A setting with the value that the server uses. */
export interface EffectiveSetting {
  /** `server.port` */
  name: string;
  /** Null for a secret that is set, because its value is not shown. */
  value: string | null;
  /** A file of `config/`, `CONFIG_FILE`, the name of an environment variable, or `computed`. */
  source: string;
}

/** Settings that are secrets or may contain one, such as the password of a URL. */
const SECRETS: ReadonlySet<string> = new Set([
  'secrets.keys',
  'database.url',
  'database.readUrl',
  'redis.url',
  'metrics.token',
  'messages.smtpUrl',
  'messages.smsUrl',
  'messages.smsHeaders',
  'messages.smsBody',
  'facebook.appSecret',
  'firebase.signerKey',
  'bots.secret',
]);

const VARIABLE_OF = new Map(Object.entries(VARIABLES).map(([variable, setting]) => [setting, variable]));

/** Formats a value. Secrets inside a list are omitted. */
const shown = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : JSON.stringify(value, (member, inner) => (isUpstreamSecret(member) ? undefined : inner));

const has = (tree: Record<string, unknown>, slice: string, member: string): boolean =>
  Object.hasOwn((tree[slice] as Record<string, unknown> | undefined) ?? {}, member);

/** Returns every setting with its value and its source. Settings that are not set are absent. */
export async function effectiveSettings(
  config: Config,
  given: Variables = process.env,
): Promise<readonly EffectiveSetting[]> {
  const { variables } = await withFiles(given);
  const { layers } = await readLayers(variables);

  function sourceOf(slice: string, member: string): string {
    const name = `${slice}.${member}`;
    if (name === 'secrets.keys') return 'SECRET_KEY';
    const layer = layers.findLast(({ tree }) => has(tree, slice, member));
    if (!layer) return 'computed';
    return layer.source ?? VARIABLE_OF.get(name) ?? 'computed';
  }

  const slices = Object.entries(config).filter(([slice]) => slice !== 'environment');
  return [
    { name: 'environment', value: config.environment, source: variables.NODE_ENV ? 'NODE_ENV' : 'computed' },
    ...slices.flatMap(([slice, members]) => {
      const entries: [string, unknown][] = Array.isArray(members)
        ? [['', members]]
        : Object.entries(members as object);
      return entries
        .filter(([, value]) => value !== undefined)
        .map(([member, value]): EffectiveSetting => {
          const name = member === '' ? slice : `${slice}.${member}`;
          const source =
            member === ''
              ? (layers.findLast(({ tree }) => Boolean(tree[slice]))?.source ?? 'computed')
              : sourceOf(slice, member);
          return { name, value: SECRETS.has(name) ? null : shown(value), source };
        });
    }),
  ];
}
