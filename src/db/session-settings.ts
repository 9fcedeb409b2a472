/** Settings of a PostgreSQL session, by their names. */
export type SessionSettings = Readonly<Record<string, string | number>>;

/**
 * The settings that the SQL of the program, and the parsing of its results, rely on. They are the defaults of
 * PostgreSQL, set on every connection because `ALTER DATABASE … SET` and `ALTER ROLE … SET` may override them. Two
 * settings are left to the administrator on purpose: `search_path` selects the schema of the tables, and
 * `default_transaction_read_only` prevents all writes. PostgreSQL 15 and later versions support these names. The driver
 * sets `client_encoding`.
 */
export const PINNED: SessionSettings = {
  // the format of values in a result; the driver supports only these formats
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: 1,
  // the interpretation of literals and arrays in statements
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  transform_null_equals: 'off',
  // the isolation of transactions, and the effect of a failed statement
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  exit_on_error: 'off',
  // the pool closes idle connections
  idle_session_timeout: 0,
};

/** The settings that PgBouncer keeps for each of its clients, and accepts when a client connects. */
export const KEPT_BY_POOLERS: Readonly<Record<string, string>> = {
  DateStyle: 'ISO, MDY',
  TimeZone: 'UTC',
  standard_conforming_strings: 'on',
};

/**
 * Statements on the pool of records find rows by key, so one plan suits all values and table sizes. It is made once per
 * connection, possibly while a table is small, and must not scan the whole table once it has grown.
 */
export const LASTING_PLANS = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
} satisfies SessionSettings;

/** Returns the startup parameter `options` with these settings. If a name has two values, the later one applies. */
export const optionsOf = (...all: SessionSettings[]): string =>
  all
    .flatMap(Object.entries<string | number>)
    .map(([name, value]) => `-c ${name}=${String(value).replaceAll(/[\\\s]/g, '\\$&')}`)
    .join(' ');

/**
 * Returns SQL that begins a transaction with these settings in one round trip. They end with it, even behind a pooler.
 */
export const beginWith = (settings: SessionSettings): string =>
  ['begin', ...Object.entries(settings).map(([name, value]) => `set local ${name} = ${value}`)].join('; ');

/** Returns the settings as SQL, for a session that accepts no startup parameters. */
export const statementsOf = (settings: SessionSettings): string =>
  Object.entries(settings)
    .map(([name, value]) => `select set_config('${name}', '${value}', false);`)
    .join('\n');
