/** Settings of a PostgreSQL session, by their names. */
export type SessionSettings = Readonly<Record<string, string | number>>;

/**
 * What our SQL, and our reading of its results, rely on: PostgreSQL's own defaults, given with every connection because
 * `ALTER DATABASE … SET` and `ALTER ROLE … SET` may say otherwise. Two settings stay the administrator's on purpose:
 * `search_path` chooses the schema of the tables, and `default_transaction_read_only` keeps everybody from writing.
 * PostgreSQL 15 and every later version know these names; `client_encoding` is pinned by the driver.
 */
export const PINNED: SessionSettings = {
  // how values are written in a result; the driver reads these forms only
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: 1,
  // how literals and arrays in our statements are read
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  transform_null_equals: 'off',
  // what a transaction sees, and what a failed statement ends
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  exit_on_error: 'off',
  // idle connections are the pool's to close
  idle_session_timeout: 0,
};

/** Those that PgBouncer keeps for each of its clients, and accepts when one connects. */
export const KEPT_BY_POOLERS: Readonly<Record<string, string>> = {
  DateStyle: 'ISO, MDY',
  TimeZone: 'UTC',
  standard_conforming_strings: 'on',
};

/**
 * What runs on the pool of records finds rows by their keys, so one plan is right for all values and sizes. It is made
 * once a connection, perhaps while a table is small, and must not read the whole of it when it has grown.
 */
export const LASTING_PLANS = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
} satisfies SessionSettings;

/** The startup parameter `options` that sets these; of two values for one name, the later one counts. */
export const optionsOf = (...all: SessionSettings[]): string =>
  all
    .flatMap(Object.entries<string | number>)
    .map(([name, value]) => `-c ${name}=${String(value).replaceAll(/[\\\s]/g, '\\$&')}`)
    .join(' ');

/** Begins a transaction with these settings, in one round trip; they end with it, also behind a pooler. */
export const beginWith = (settings: SessionSettings): string =>
  ['begin', ...Object.entries(settings).map(([name, value]) => `set local ${name} = ${value}`)].join('; ');

/** The same as SQL, for a session that takes no startup parameters. */
export const statementsOf = (settings: SessionSettings): string =>
  Object.entries(settings)
    .map(([name, value]) => `select set_config('${name}', '${value}', false);`)
    .join('\n');
