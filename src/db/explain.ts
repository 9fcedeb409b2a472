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

const POOLER =
  'Name the server itself in DATABASE_URL, or let the pooler pool sessions and not transactions.';

/** What an operator can mend, by SQLSTATE (PostgreSQL's manual, appendix A), by Node's codes and by the driver's words. */
const KNOWN: readonly Known[] = [
  [
    /^28P01$|client password must be|^SASL: SCRAM-SERVER/,
    'refuses the user or the password',
    'Correct them in DATABASE_URL.',
  ],
  [
    /^28000$/,
    'has no rule that lets this user in',
    'Correct DATABASE_URL (sslmode=require where the server wants TLS), or pg_hba.conf.',
  ],
  [
    /^3D000$/,
    'lacks the database that DATABASE_URL names',
    'Make it with createdb, or correct DATABASE_URL.',
  ],
  [
    UNTRUSTED,
    'has a certificate that is not trusted',
    'Add sslrootcert=/path/to/ca.pem to DATABASE_URL, or correct its host name.',
  ],
  [
    /does not support SSL/,
    'offers no TLS',
    'Switch ssl on at the server; on a network of your own, take sslmode out of DATABASE_URL.',
  ],
  [
    /^42501$/,
    'does not let this role do what it must',
    'Make the role of DATABASE_URL the owner of the tables, and: grant usage, create on schema public to <role>.',
  ],
  [
    /^3F000$/,
    'has no schema of search_path that this role may use',
    'As its owner: grant usage, create on schema public to <role>. Or create the schema, or correct search_path.',
  ],
  [
    /^25006$/,
    'takes no writes',
    'Name the primary in DATABASE_URL, or end default_transaction_read_only of the database or the role.',
  ],
  [/^08P01$/, 'is behind a pooler that refuses the settings of a session', POOLER],
  [/^(26000|42P05)$/, 'is behind a pooler that mixes prepared statements up', POOLER],
  [
    /^53300$/,
    'has no connection left',
    'Raise max_connections, or lower WORKERS, database.poolSize or database.recordPoolSize.',
  ],
  [/^57P0[123]$/, 'is starting or stopping', 'Wait, or look into its log.'],
  [UNRESOLVED, 'cannot be found', 'Correct the host name in DATABASE_URL, or the resolver.'],
  [UNREACHED, 'does not answer', 'Start it, or correct DATABASE_URL or DATA_DIR.'],
];

/** The words of the driver, which Knex puts behind the statement; those of the server are known by their SQLSTATE. */
const wordsOf = (error: Error): string =>
  'severity' in error ? '' : (error.message.split(' - ').at(-1) ?? '');

/** The cause of a failure that an operator can mend; undefined for every other one, and for what passes by itself. */
export const explainDatabase = (error: unknown): Explanation | undefined => explain(error, KNOWN, wordsOf);

/** What kept the program from its work with the database: one sentence, whatever it was, without SQL. */
export function databaseSentence(error: unknown): string {
  const innermost = causesOf(error).at(-1);
  const { code } = (innermost ?? {}) as { code?: string };
  const rest = {
    what: innermost ? 'cannot be used' : 'does not answer',
    code: code ?? (innermost ? wordsOf(innermost) : 'no connection'),
    mend: 'See DATABASE_URL or DATA_DIR, and the log of PostgreSQL.',
  };
  return sentenceOf('The database', explainDatabase(error) ?? rest);
}
