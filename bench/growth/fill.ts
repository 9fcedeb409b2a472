import { availableParallelism } from 'node:os';
import pg from 'pg';
import { bulkhead } from '../../src/lib/bulkhead.ts';
import { passwordHasher } from '../../src/lib/passwords/password-hasher.ts';
import { makeAccounts } from '../accounts.ts';
import { APP } from '../clients.ts';
import { HASHING } from '../person.ts';
import { type FilledValue, PASSWORD, valueInSql } from './credentials.ts';

/** The number of accounts per statement. */
const BATCH = 50_000;
const DAY = 86_400;

const rowOf = (kind: FilledValue, value: string): string =>
  `encode(substr(sha256(convert_to('${kind}:' || ${value}, 'UTF8')), 1, 16), 'hex')::uuid`;

const GRANT = valueInSql('Grant', 'a.id');
const UID = valueInSql('uid', 'a.id');
const COOKIE = valueInSql('Session', 'a.id');

/** Inserts a record for each account, as the server writes it. `members` are pairs of names and SQL expressions. */
const record = (kind: 'Grant' | 'RefreshToken' | 'AccessToken', days: number, members: string): string => `
  insert into records (id, kind, payload, grant_id, account_id, generation, client_id, session_uid, expires_at)
  select ${rowOf(kind, valueInSql(kind, 'a.id'))}, '${kind}', json_build_object(
      'iat', extract(epoch from now())::int, 'exp', extract(epoch from now())::int + ${days * DAY},
      'accountId', a.id::text, 'kind', '${kind}', 'clientId', '${APP.client_id}', ${members}),
    ${kind === 'Grant' ? 'null' : rowOf('Grant', GRANT)}, a.id, 1, '${APP.client_id}',
    ${kind === 'Grant' ? 'null' : UID}, now() + interval '${days} days'
  from accounts a where a.id between $1 and $2`;

const AUTHENTICATION = `'acr', 'urn:pratu:acr:password', 'amr', json_build_array('pwd')`;
const ISSUED = `'grantId', ${GRANT}, 'gty', 'authorization_code', 'sessionUid', ${UID}, 'scope', '${APP.scope}'`;

/** The rows of each account in addition to its contacts and card. All columns exist since the first releases. */
const STATEMENTS: readonly string[] = [
  record(
    'Grant',
    181,
    `'rejected', json_build_object(), 'openid', json_build_object('scope', '${APP.scope}')`,
  ),
  record(
    'RefreshToken',
    30,
    `${ISSUED}, ${AUTHENTICATION}, 'authTime', extract(epoch from now())::int, 'rotations', 0,
      'iiat', extract(epoch from now())::int`,
  ),
  record(
    'AccessToken',
    2,
    `${ISSUED}, 'extra', json_build_object(${AUTHENTICATION}, 'auth_time', extract(epoch from now())::int)`,
  ),
  `
    insert into sessions (uid, account_id, generation, payload, expires_at)
    select ${UID}, a.id, 1, jsonb_build_object(${AUTHENTICATION}, 'iat', extract(epoch from now())::int,
        'exp', extract(epoch from now())::int + ${DAY}, 'uid', ${UID}, 'kind', 'Session',
        'loginTs', extract(epoch from now())::int, 'accountId', a.id::text, 'authorizations',
        jsonb_build_object('${APP.client_id}', jsonb_build_object('sid', ${valueInSql('uid', '(-a.id)')},
          'grantId', ${GRANT}, 'persistsLogout', true))), now() + interval '1 day'
    from accounts a where a.id between $1 and $2`,
  `
    insert into session_ids (id, uid) select ${rowOf('Session', COOKIE)}, ${UID}
    from accounts a where a.id between $1 and $2`,
  `
    insert into sign_in_origins (account_id, origin) select a.id, sha256(convert_to(a.id::text, 'UTF8'))
    from accounts a where a.id between $1 and $2`,
  `
    insert into last_accesses (account_id, channel, at) select a.id, 'app', now()
    from accounts a where a.id between $1 and $2`,
  `
    insert into audit (event, account_id, client_id, request_id, details)
    select 'sign_in.succeeded', a.id, '${APP.client_id}', md5(a.id::text),
      '{"method": "password", "network": "979c3182"}'
    from accounts a where a.id between $1 and $2`,
];

const CREDENTIALS = `
  insert into credentials (account_id, kind, hash) select a.id, 'password', $3
  from accounts a where a.id between $1 and $2`;

const hasher = passwordHasher({
  ...HASHING,
  bulkhead: bulkhead({ size: 1, queue: 1, waitMs: 60_000, refusal: () => new Error('the bulkhead is full') }),
});

/** Disables the row-by-row check of foreign keys and the wait for the disk. Only for rows that are created here. */
const SETTINGS =
  '-c session_replication_role=replica -c synchronous_commit=off -c maintenance_work_mem=512MB';

/** Drops the indexes that no constraint needs, does the work, and creates them again, each in a single sorted build. */
async function withoutIndexes(client: pg.Client, work: () => Promise<void>): Promise<void> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i join pg_class c on c.oid = i.indrelid
     where c.relnamespace = 'public'::regnamespace
       and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid)`,
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  await work();
  for (const { definition } of rows) await client.query(definition);
}

type Session = <T>(work: (client: pg.Client) => Promise<T>) => Promise<T>;

const sessionsAt =
  (databaseUrl: string): Session =>
  async (work) => {
    const client = new pg.Client(databaseUrl);
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  };

/**
 * Fills an empty database with statements for many rows. Each account has contacts, a card, a password, a grant, a
 * refresh token, an access token, a session, a known origin, a last access and an audit event.
 */
export async function fill(
  databaseUrl: string,
  accounts: number,
  progress: (line: string) => void,
): Promise<void> {
  const filling = `${databaseUrl}?options=${encodeURIComponent(SETTINGS)}`;
  const session = sessionsAt(filling);
  const hash = await hasher.hash(PASSWORD);
  const batches = Array.from({ length: Math.ceil(accounts / BATCH) }, (_, batch) => batch * BATCH + 1);
  const work = (): Promise<void> =>
    session(async (client) => {
      for (let first = batches.shift(); first !== undefined; first = batches.shift()) {
        const range = [first, Math.min(first + BATCH - 1, accounts)];
        await client.query(CREDENTIALS, [...range, hash]);
        for (const statement of STATEMENTS) await client.query(statement, range);
        progress(`filled accounts ${range.map((id) => id.toLocaleString('en')).join(' to ')}`);
      }
    });
  await session((client) =>
    withoutIndexes(client, async () => {
      await makeAccounts(filling, accounts);
      // one for each processor: a statement has only one
      await Promise.all(Array.from({ length: availableParallelism() }, work));
    }),
  );
  await session((client) => client.query('vacuum analyze'));
}
