import {
  causesOf,
  type Explanation,
  explain,
  type Known,
  sentenceOf,
  UNREACHED,
  UNRESOLVED,
  UNTRUSTED,
} from '../lib/explanation.ts';

const POOLER = 'Set DATABASE_POOLER=transaction, or name the server directly in DATABASE_URL.';

/** The SQLSTATE of most errors that PgBouncer itself reports. */
const POOLER_ERROR = /^08P01$/;

/**
 * The causes that an operator can fix, by SQLSTATE (PostgreSQL manual, appendix A), by error code of Node.js, and by
 * message of the driver.
 */
const KNOWN: readonly Known[] = [
  [
    /^28P01$|client password must be|^SASL: SCRAM-SERVER/,
    'rejects the user or the password',
    'Correct the credentials in DATABASE_URL.',
  ],
  [
    /^28000$/,
    'has no pg_hba.conf entry for this user',
    'Correct DATABASE_URL (sslmode=require where the server wants TLS), or pg_hba.conf.',
  ],
  [
    /^3D000$/,
    'has no database of the name in DATABASE_URL',
    'Create it with createdb, or correct DATABASE_URL.',
  ],
  [
    UNTRUSTED,
    'has an untrusted certificate',
    'Add sslrootcert=/path/to/ca.pem to DATABASE_URL, or correct its host name.',
  ],
  [
    /does not support SSL/,
    'does not support TLS',
    'Enable ssl on the server. On a private network, you can remove sslmode from DATABASE_URL instead.',
  ],
  [
    /^42501$/,
    'denies this role a required permission',
    'Make the role of DATABASE_URL the owner of the tables, and: grant usage, create on schema public to <role>.',
  ],
  [
    /^3F000$/,
    'has no schema in search_path that this role may use',
    'As its owner: grant usage, create on schema public to <role>. Or create the schema, or correct search_path.',
  ],
  [
    /^25006$/,
    'is read-only',
    'Name the primary in DATABASE_URL, or reset default_transaction_read_only of the database or the role.',
  ],
  [
    /^ENOSERVER$/,
    'has no server of the kind in target_session_attrs',
    'Wait for the failover to end, or correct the hosts in DATABASE_URL.',
  ],
  [/^unsupported startup parameter/, 'is behind a pooler that rejects session settings', POOLER],
  [
    POOLER_ERROR,
    'is behind a pooler that has no connection to it',
    'Wait for the failover to end, or see the log of the pooler.',
  ],
  [/^(26000|42P05)$/, 'is behind a pooler that breaks prepared statements', POOLER],
  [
    /^53300$/,
    'has no free connection',
    'Raise max_connections, or lower WORKERS, database.poolSize or database.recordPoolSize.',
  ],
  [/^57P0[123]$/, 'is starting or shutting down', 'Wait, or see its log.'],
  [UNRESOLVED, 'has an unknown host name', 'Correct the host name in DATABASE_URL, or fix name resolution.'],
  [UNREACHED, 'does not respond', 'Start it, or correct DATABASE_URL or DATA_DIR.'],
];

/**
 * Returns the message of the driver or of a pooler, without the statement that Knex puts before it. Returns an empty
 * text for errors of the server, which are identified by their SQLSTATE.
 */
const messageOf = (error: Error): string => {
  const { severity, code } = error as { severity?: unknown; code?: unknown };
  const isServers = severity !== undefined && !(typeof code === 'string' && POOLER_ERROR.test(code));
  return isServers ? '' : (error.message.split(' - ').at(-1) ?? '');
};

/**
 * Returns the cause of a failure that an operator can fix; undefined for any other, and for one that passes on its own.
 */
export const explainDatabase = (error: unknown): Explanation | undefined => explain(error, KNOWN, messageOf);

/** Returns one sentence, without SQL, about any failure that prevents the program from using the database. */
export function databaseSentence(error: unknown): string {
  const innermost = causesOf(error).at(-1);
  const { code } = (innermost ?? {}) as { code?: string };
  const rest = {
    what: innermost ? 'cannot be used' : 'does not respond',
    code: code ?? (innermost ? messageOf(innermost) : 'no connection'),
    mend: 'Check DATABASE_URL or DATA_DIR, and the log of PostgreSQL.',
  };
  return sentenceOf('The database', explainDatabase(error) ?? rest);
}
