import { Client } from '../../db/client.ts';
import type { Database } from '../../db/database.ts';
import { PINNED, type SessionSettings } from '../../db/session-settings.ts';
import { type Check, codeOf, fail, ok, warn } from './check.ts';

/** A connection to PostgreSQL, direct or through a pooler. */
export interface Session {
  query(query: { name?: string; text: string }): Promise<{ rows: unknown[] }>;
  end(): Promise<void>;
}

const NAME = 'database sessions';
const MEND_POOLER = 'Set DATABASE_POOLER=transaction, or name the server directly in DATABASE_URL.';
const WHO = 'select pg_backend_pid() as pid';

/**
 * Checks that a connection keeps one session, including its prepared statements. A transaction pooler gives the session
 * of an idle connection to another connection that begins a transaction, so two connections are enough to detect it.
 */
export async function sessionCheck(connect: () => Promise<Session>, pooled = false): Promise<Check> {
  const who = pooled ? { text: WHO } : { name: 'pratu-doctor', text: WHO };
  const pidOf = async (session: Session): Promise<number> =>
    ((await session.query(who)).rows[0] as { pid: number }).pid;
  const opened: Session[] = [];
  const open = async (): Promise<Session> => {
    const session = await connect();
    opened.push(session);
    return session;
  };
  try {
    const [watched, other] = [await open(), await open()];
    const before = await pidOf(watched);
    await other.query({ text: 'begin' });
    const after = await pidOf(watched).catch((error: unknown) => codeOf(error));
    await other.query({ text: 'rollback' });
    if (after === before) return ok(NAME, 'each connection has its own session');
    if (typeof after === 'string') {
      return fail(NAME, `a connection pooler breaks prepared statements (${after})`, MEND_POOLER);
    }
    if (pooled) return ok(NAME, 'a transaction pooler is in use, as configured');
    return fail(NAME, 'a transaction pooler is in use, which drops the settings of sessions', MEND_POOLER);
  } finally {
    await Promise.allSettled(opened.map((session) => session.end()));
  }
}

/** Checks two new connections, which are configured like those of the pools. */
export const sessions = ({ connection, pooled }: Database): Promise<Check> =>
  sessionCheck(async () => {
    const client = new Client(connection);
    client.on('error', () => {});
    await client.connect();
    return client;
  }, pooled);

/**
 * Settings that a session must not have and that a connection cannot request. Only a superuser or a newer version sets
 * them.
 */
const UNPINNED = `select name, setting from pg_settings where
  (name = 'session_replication_role' and setting <> 'origin') or (name = 'synchronous_commit' and setting = 'off')
  or (name = 'transaction_timeout' and setting <> '0') order by name`;

async function settingOf(knex: Database['knex'], name: string): Promise<string> {
  const { rows } = await knex.raw('select setting from pg_settings where lower(name) = lower(?)', [name]);
  return (rows[0] as { setting: string }).setting;
}

/** The limits of a statement outside a transaction. The other limits are set at the beginning of each transaction. */
const OF_STATEMENTS = ['statement_timeout', 'lock_timeout'] as const;

/**
 * Behind a pooler: reports the limits that PostgreSQL does not enforce outside of transactions, and how to set them.
 */
export async function pooledLimits(
  { knex }: Pick<Database, 'knex'>,
  limits: SessionSettings,
): Promise<Check> {
  const name = 'database limits';
  const lacking: string[] = [];
  for (const key of OF_STATEMENTS) if ((await settingOf(knex, key)) === '0') lacking.push(key);
  if (lacking.length === 0) return ok(name, 'the role has those that a pooler drops');
  const { rows } = await knex.raw('select quote_ident(current_user) as role');
  const { role } = rows[0] as { role: string };
  const message = `not in effect outside of transactions: ${lacking.join(', ')}. The server stops waiting, PostgreSQL goes on`;
  return warn(
    name,
    message,
    lacking.map((key) => `alter role ${role} set ${key} = ${limits[key]};`).join(' '),
  );
}

/** Checks that the settings that the code relies on are in effect in the session. */
export async function settings({ knex, connection }: Pick<Database, 'knex' | 'connection'>): Promise<Check> {
  const name = 'database settings';
  const asked = Object.fromEntries(
    [...(connection.options ?? '').matchAll(/-c (\w+_timeout)=(\d+)/g)].map(([, key, value]) => [key, value]),
  );
  const strange: string[] = [];
  for (const [key, value] of Object.entries({ ...PINNED, ...asked })) {
    const setting = await settingOf(knex, key);
    if (setting !== String(value)) strange.push(`${key} is ${setting}`);
  }
  if (strange.length > 0) {
    const message = `the session lacks the required settings: ${strange.join(', ')}`;
    return fail(
      name,
      message,
      'A pooler drops startup parameters. Set these on the role (alter role … set …), or name the server directly.',
    );
  }
  const { rows } = await knex.raw(UNPINNED);
  const risky = (rows as { name: string; setting: string }[]).map((row) => `${row.name} is ${row.setting}`);
  if (risky.length === 0) return ok(name, 'as required');
  return warn(
    name,
    risky.join(', '),
    'Reset them on the database and the role, unless you accept the risk of losing commits.',
  );
}
