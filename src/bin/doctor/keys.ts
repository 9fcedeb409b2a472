import type { Config } from '../../config/config.ts';
import { SIGNING_ALGS, type SigningKey } from '../../domain/signing-keys/signing-key.ts';
import { DAY_SECONDS } from '../../lib/durations.ts';
import { routes } from '../../oidc/edge/routes.ts';
import { type Check, fail, ok, warn } from './check.ts';
import type { IssuerProbe } from './issuer-probe.ts';

const DAY_MS = DAY_SECONDS * 1000;
/** The rotation job runs every minute. A delay of a day means that it does not run. */
const LATE_DAYS = 1;

function states(keys: readonly SigningKey[]): Check {
  if (keys.length === 0)
    return warn('signing keys', 'none yet', 'Start the server. Its first start creates them.');
  const missing = SIGNING_ALGS.flatMap((alg) =>
    (['current', 'next'] as const)
      .filter((state) => !keys.some((key) => key.alg === alg && key.state === state))
      .map((state) => `${alg} ${state}`),
  );
  if (missing.length === 0) return ok('signing keys', 'each algorithm has a current and a next key');
  return fail(
    'signing keys',
    `missing: ${missing.join(', ')}`,
    'Start the server. It creates the missing keys.',
  );
}

function ages(keys: readonly SigningKey[], rotateDays: number, now: Date): Check {
  const days = keys
    .filter(({ state }) => state === 'current')
    .map(({ changedAt }) => (now.getTime() - changedAt.getTime()) / DAY_MS);
  if (days.length === 0)
    return warn('key age', 'there is no current key', 'Start the server. It creates the missing keys.');
  const oldest = Math.max(0, ...days);
  const message = `the signing key is ${oldest.toFixed(1)} days old (rotated after ${rotateDays})`;
  if (oldest <= rotateDays + LATE_DAYS) return ok('key age', message);
  return warn('key age', message, 'No server has rotated it. Start one, or run: pratu key rotate');
}

/** Compares what the issuer publishes with the database. */
async function published(keys: readonly SigningKey[], probe: IssuerProbe): Promise<Check> {
  const name = 'key set';
  const { body } = await probe.get(routes.jwks);
  const document = probe.jsonOf(body);
  const listed = Array.isArray(document?.keys) ? (document.keys as { kid?: string }[]) : [];
  const outside = new Set(listed.map(({ kid }) => kid ?? ''));
  const inside = new Set(keys.filter(({ state }) => state !== 'removed').map(({ kid }) => kid));
  const lacking = [...inside].filter((kid) => !outside.has(kid)).length;
  const strange = [...outside].filter((kid) => !inside.has(kid)).length;
  if (lacking + strange === 0) return ok(name, `the ${inside.size} published keys match the database`);
  return fail(
    name,
    `the issuer publishes ${strange} key(s) that the database lacks, and omits ${lacking} of its keys`,
    'The issuer uses another database, or a proxy serves a stale copy. Compare DATABASE_URL and clear the cache.',
  );
}

/** Checks the signing keys. `probe` is undefined when no server responds at the issuer. */
export async function keyChecks(
  keys: readonly SigningKey[],
  { rotateDays }: Pick<Config['signingKeys'], 'rotateDays'>,
  now: Date,
  probe: IssuerProbe | undefined,
): Promise<Check[]> {
  const own = [states(keys), ages(keys, rotateDays, now)];
  return probe ? [...own, await published(keys, probe)] : own;
}
