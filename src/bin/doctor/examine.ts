import type { Config } from '../../config/config.ts';
import { ConfigError, loadConfig } from '../../config/load-config.ts';
import type { Db } from '../../db/database.ts';
import { explainDatabase } from '../../db/explain.ts';
import { translateFailure } from '../../db/failures.ts';
import { unboundColumns, unreadableColumns } from '../../domain/secrets/unreadable.ts';
import { AppError } from '../../errors/app-error.ts';
import { causesOf } from '../../lib/explanation.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { type CommandContext, inCommandContext, type Variables } from '../kit/command-context.ts';
import type { Terminal } from '../kit/terminal.ts';
import { type Check, codeOf, fail, ok, warn } from './check.ts';
import { clientChecks } from './clients.ts';
import { databaseChecks } from './database.ts';
import { environmentChecks } from './environment.ts';
import { issuerChecks } from './issuer.ts';
import { issuerProbe } from './issuer-probe.ts';
import { keyChecks } from './keys.ts';
import { mutualTlsCheck } from './mutual-tls.ts';
import { operatorCheck } from './operators.ts';
import { retentionCheck } from './retention.ts';
import { securityTxtCheck } from './security-txt.ts';
import { viewChecks } from './views.ts';
import { webhookCheck } from './webhooks.ts';

const MEND_CONFIG = 'See config/README.md.';

/** Returns the settings, or a failed check for each problem. */
async function configuration(env: Variables): Promise<Config | Check[]> {
  try {
    return await loadConfig(env);
  } catch (error) {
    const problems = error instanceof ConfigError ? error.problems : [(error as Error).message];
    return problems.map((problem) => fail('configuration', problem, MEND_CONFIG));
  }
}

async function deployment({ config, database, domain, clock }: CommandContext): Promise<Check[]> {
  const stored = await databaseChecks(database, config);
  const hasTables = !stored.some(({ name, status }) => name === 'migrations' && status === 'fail');
  const clients = hasTables ? await domain.clients.list() : [];
  const probe = issuerProbe(config.server.issuer);
  const outside = await issuerChecks(config, probe, clients);
  if (!hasTables) return [...stored, ...outside.checks];
  const sealed = await sealedCheck({ db: database.knex, keyring: domain.keyring });
  // values that cannot be decrypted allow no further checks
  if (sealed.status === 'fail') return [...stored, sealed, ...outside.checks];
  const seen = outside.serves ? probe : undefined;
  const certificates = await mutualTlsCheck(config, clients, { ...outside, probeOf: issuerProbe });
  return [
    ...stored,
    sealed,
    ...outside.checks,
    ...(certificates ? [certificates] : []),
    ...(await keyChecks(await domain.signingKeys.list(), config.signingKeys, clock.now(), seen)),
    ...(await clientChecks(domain, config.environment)),
    await operatorCheck(domain.operators),
    webhookCheck(await domain.webhooks.list()),
    await retentionCheck(config, domain.retention),
    securityTxtCheck(config, clock.now()),
  ];
}

/**
 * Checks that `SECRET_KEY` decrypts the stored values. If not, it belongs to another deployment, or the old key is
 * missing.
 */
async function sealedCheck(deps: { db: Db; keyring: Keyring }): Promise<Check> {
  const name = 'sealed values';
  const unreadable = await unreadableColumns(deps);
  if (unreadable.length === 0) {
    const unbound = await unboundColumns(deps.db);
    if (unbound.length === 0) return ok(name, 'SECRET_KEY decrypts all stored values');
    return warn(name, `not bound to their rows: ${unbound.join(', ')}`, 'Run: pratu secret re-encrypt');
  }
  const damaged = unreadable.filter(({ isDamaged }) => isDamaged).map(({ column }) => column);
  if (damaged.length > 0)
    return fail(
      name,
      `changed or moved to another row: ${damaged.join(', ')}`,
      'Restore the rows from a backup.',
    );
  const message = `no key in SECRET_KEY decrypts ${unreadable.map(({ column }) => column).join(', ')}`;
  return fail(name, message, 'Append the key that encrypted them to SECRET_KEY, after the new one.');
}

function whyNot(thrown: unknown): Check[] {
  const error = translateFailure(thrown);
  const why = explainDatabase(error);
  if (why) return [fail('database', `it ${why.what} (${why.code})`, why.mend)];
  if (error instanceof AppError && error.code === 'UNAVAILABLE') {
    const { code } = (causesOf(error).at(-1) ?? {}) as { code?: string };
    const message = code === undefined ? 'it does not respond' : `it cannot be used (${code})`;
    return [fail('database', message, 'Start it, or correct DATABASE_URL or DATA_DIR. See its log.')];
  }
  return [fail('deployment', `could not be checked: ${codeOf(error)}`, 'See the log of the server.')];
}

/** Runs all checks. A part that cannot be checked is reported as a failed check and does not end the run. */
export async function examine(env: Variables, terminal: Terminal): Promise<Check[]> {
  const config = await configuration(env);
  if (Array.isArray(config)) return config;
  const views = viewChecks(config.pages.folder);
  // invalid views prevent the composition of everything else
  if (views.some(({ status }) => status === 'fail')) return views;
  const around = await environmentChecks(config, Boolean(env.SECRET_KEY || env.SECRET_KEY_FILE));
  const inside = await inCommandContext({ env, terminal, bootstrapped: false }, deployment).catch(whyNot);
  return [ok('configuration', `${config.environment}, complete`), ...views, ...inside, ...around];
}
