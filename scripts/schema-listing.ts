import type pg from 'pg';

/** The tables of Knex, which no migration creates. */
const BOOKKEEPING = ['migrations', 'migrations_lock'];

const COLUMNS = `
  select c.relname as "table", a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
    a.attnotnull as required, a.attidentity <> '' as identity, pg_get_expr(d.adbin, d.adrelid) as standard
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace and c.relname <> all ($1)
  order by c.relname collate "C", a.attnum`;

/** Excludes NOT NULL, which only PostgreSQL 18 and later list among the constraints. The columns show it. */
const CONSTRAINTS = `
  select c.relname as "table", n.conname as name, pg_get_constraintdef(n.oid) as definition
  from pg_constraint n
  join pg_class c on c.oid = n.conrelid
  where n.contype in ('p', 'u', 'f', 'c') and c.relnamespace = current_schema()::regnamespace and c.relname <> all ($1)
  order by c.relname collate "C", position(n.contype in 'pufc'), n.conname collate "C"`;

const INDEXES = `
  select c.relname as "table", pg_get_indexdef(i.indexrelid) as definition
  from pg_index i
  join pg_class c on c.oid = i.indrelid
  join pg_class x on x.oid = i.indexrelid
  where c.relnamespace = current_schema()::regnamespace and c.relname <> all ($1)
    and not exists (select 1 from pg_constraint n where n.conindid = i.indexrelid and n.contype in ('p', 'u'))
  order by c.relname collate "C", x.relname collate "C"`;

const FUNCTIONS = `
  select p.proname as name, pg_get_function_arguments(p.oid) as arguments, pg_get_function_result(p.oid) as result,
    l.lanname as language, p.prosrc as body
  from pg_proc p join pg_language l on l.oid = p.prolang
  where p.pronamespace = current_schema()::regnamespace
  order by p.proname collate "C"`;

interface Column {
  table: string;
  name: string;
  type: string;
  required: boolean;
  identity: boolean;
  standard: string | null;
}
interface Definition {
  table: string;
  name: string;
  definition: string;
}
interface Routine {
  name: string;
  arguments: string;
  result: string;
  language: string;
  body: string;
}

const columnLine = ({ name, type, required, identity, standard }: Column): string =>
  [
    `  ${name} ${type}`,
    identity ? 'generated always as identity' : '',
    required ? 'not null' : '',
    standard === null ? '' : `default ${standard}`,
  ]
    .filter(Boolean)
    .join(' ');

const routineLine = ({ name, arguments: parameters, result, language, body }: Routine): string =>
  `create function ${name}(${parameters}) returns ${result} language ${language} as $$${body}$$;`;

/**
 * Returns `docs/schema.sql`: the schema from the catalogues of a migrated database, with tables by name. The result is
 * the same on every PostgreSQL version from 15.
 */
export async function schemaListing(database: Pick<pg.Pool, 'query'>): Promise<string> {
  const list = async <Row extends object>(text: string, values: unknown[] = [BOOKKEEPING]): Promise<Row[]> =>
    (await database.query(text, values)).rows as Row[];
  const columns = await list<Column>(COLUMNS);
  const constraints = await list<Definition>(CONSTRAINTS);
  const indexes = await list<Omit<Definition, 'name'>>(INDEXES);
  const routines = await list<Routine>(FUNCTIONS, []);

  const tables = [...new Set(columns.map(({ table }) => table))].map((table) => {
    const lines = [
      ...columns.filter((column) => column.table === table).map(columnLine),
      ...constraints
        .filter((constraint) => constraint.table === table)
        .map(({ name, definition }) => `  constraint ${name} ${definition}`),
    ];
    const own = indexes.filter((index) => index.table === table).map(({ definition }) => `${definition};`);
    return [`create table ${table} (\n${lines.join(',\n')}\n);`, ...own].join('\n');
  });
  return [
    '-- The schema after every migration. Made by `npm run docs`; do not edit, and do not run: `pratu migrate` does that.',
    routines.map(routineLine).join('\n'),
    ...tables,
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}
