import { hash } from 'node:crypto';
import { type Change, oneStatement } from '../db/one-statement.ts';
import type { Statement } from '../db/run-query.ts';
import type { Claim, NewRecord, Writes } from './record.ts';

/** Reads records by id, each with its grant and the state of its account. */
export const READ = `
  select replace(r.id::text, '-', '') as id, r.kind, r.payload,
    extract(epoch from r.consumed_at)::float8 as consumed,
    extract(epoch from pratu_now() - r.consumed_at)::float8 as "consumedAge",
    case when r.successor is not null then (
      select a.answer from refresh_answers a
      where a.account_id = r.account_id and a.id = r.id and a.expires_at > pratu_now()) end as answer,
    (r.successor is not null and exists (
      select 1 from records s where s.id = r.successor and s.consumed_at is null)) as "successorUnused",
    replace(r.code_id::text, '-', '') as "codeId",
    replace(r.grant_id::text, '-', '') as "grantId", g.payload as "grantPayload", g.generation as "grantGeneration",
    r.account_id as "accountId", r.generation, a.status as "accountStatus", a.generation as "accountGeneration"
  from records r
  left join records g on g.id = r.grant_id
  left join accounts a on a.id = r.account_id
  where r.id = any($1::uuid[])`;

const INSERT_COLUMNS =
  'id, kind, payload, grant_id, code_id, account_id, generation, client_id, session_uid, user_code, expires_at';
const INSERT_VALUES = `t.id, t.kind, t.payload, t."grantId", t."codeId", t."accountId",
      coalesce(t.generation, (select a.generation from accounts a where a.id = t."accountId")), t."clientId", t."sessionUid",
      decode(t."userCode", 'base64'), pratu_now() + make_interval(secs => t.lifetime)`;
const INSERT_SHAPE = `(n int, id uuid, kind text, payload json, "grantId" uuid, "codeId" uuid, "accountId" bigint, generation int,
      "clientId" text, "sessionUid" text, "userCode" text, lifetime float8, once boolean)`;
const ON_CONFLICT = `on conflict (id) do update set payload = excluded.payload, grant_id = excluded.grant_id, code_id = excluded.code_id,
      account_id = excluded.account_id, generation = excluded.generation, session_uid = excluded.session_uid,
      expires_at = excluded.expires_at`;

/** Plain inserts, for units without claims, removals and records that must be new. */
export const INSERT = `
  insert into records (${INSERT_COLUMNS})
  select ${INSERT_VALUES} from json_to_recordset($1::json) as t${INSERT_SHAPE}
  ${ON_CONFLICT}`;

/**
 * The writes of many units (numbered n) in one statement, which is one transaction and one round trip. A unit is
 * reported, and writes nothing except its proof, if its claim finds the record consumed, or if its proof was used
 * before or is repeated in this statement. The other units are written.
 *
 * Rows are found by lists of keys: for a join, the planner may also choose to read all rows, and connections keep their
 * plans.
 */
const COMMIT_PARTS = `new_rows as (
    select *, row_number() over (partition by t.id order by t.n) as place
    from json_to_recordset($2::json) as t${INSERT_SHAPE}
  ), first_seen as (
    insert into records (${INSERT_COLUMNS})
    select ${INSERT_VALUES} from new_rows t where t.once
    on conflict (id) do nothing
    returning id
  ), repeated as (
    select t.n from new_rows t where t.once and (t.place > 1 or t.id not in (select id from first_seen))
  ), claims as (
    select * from json_to_recordset($1::json) as t(n int, id uuid, answer text, successor uuid, lifetime float8)
    where t.n not in (select n from repeated)
  ), claimed as (
    update records r set consumed_at = pratu_now(), successor = c.successor
    from claims c where r.id = any(array(select id from claims)) and r.id = c.id and r.consumed_at is null
    returning c.n, r.id, r.account_id, c.answer, c.lifetime
  ), answered as (
    insert into refresh_answers (account_id, id, answer, expires_at)
    select c.account_id, c.id, decode(c.answer, 'base64'), pratu_now() + make_interval(secs => c.lifetime)
    from claimed c where c.answer is not null
  ), lost as (
    select c.n from claims c where not exists (select 1 from claimed d where d.n = c.n)
    union select n from repeated
  ), inserted as (
    insert into records (${INSERT_COLUMNS})
    select ${INSERT_VALUES} from new_rows t
    where t.once is not true and t.n not in (select n from lost)
    ${ON_CONFLICT}
  ), deleted as (
    delete from records r where r.id = any(array(
      select t.id from json_to_recordset($3::json) as t(n int, id uuid) where t.n not in (select n from lost)))
  ), revocations as (
    select * from json_to_recordset($4::json) as t(n int, "grantId" uuid, "codeId" uuid)
    where t.n not in (select n from lost)
  ), revoked as (
    delete from records r using revocations t
    where r.grant_id = any(array(select "grantId" from revocations)) and r.grant_id = t."grantId"
      and (t."codeId" is null or r.code_id = t."codeId")
  )`;
const REFUSED = 'select n, n in (select n from repeated) as repeated from lost';
export const COMMIT = `with ${COMMIT_PARTS} ${REFUSED}`;

/** Reads which of these records exist, after a commit whose outcome was lost with the connection. */
export const PRESENT = `select replace(id::text, '-', '') as id from records where id = any($1::uuid[])`;

type Numbered = readonly { writes: Writes }[];

const listOf = <T>(units: Numbered, pick: (writes: Writes, n: number) => T[]): T[] =>
  units.flatMap(({ writes }, n) => pick(writes, n));

const rawPayload = ({ payload, ...rest }: NewRecord, n: number): string =>
  // the payload is already JSON: it is inserted as text instead of being parsed and serialised again
  `${JSON.stringify({ n, ...rest }).slice(0, -1)},"payload":${payload}}`;

export const insertValues = (units: Numbered): string[] => [
  `[${listOf(units, ({ inserts }, n) => inserts.map((record) => rawPayload(record, n))).join(',')}]`,
];

/** Claims in the order of their ids, so that two processes always lock the same rows in the same order. */
const claimsInOrder = (units: Numbered): (Claim & { n: number })[] =>
  listOf(units, ({ claims }, n) => claims.map((claim) => ({ n, ...claim }))).sort((a, b) =>
    a.id < b.id ? -1 : 1,
  );

export const commitValues = (units: Numbered): string[] => [
  JSON.stringify(claimsInOrder(units)),
  ...insertValues(units),
  JSON.stringify(listOf(units, ({ deletes }, n) => deletes.map((id) => ({ n, id })))),
  JSON.stringify(
    listOf(units, ({ revocations }, n) => revocations.map((revocation) => ({ n, ...revocation }))),
  ),
];

/** The writes of a unit that cannot be refused, and its changes of other tables, as one named statement. */
export function commitWithChanges(writes: Writes): Statement & { name: string } {
  const refused = { text: REFUSED, values: [] };
  const already = { parts: COMMIT_PARTS, values: commitValues([{ writes }]) };
  const { text, values } = oneStatement([...writes.changes, refused], already);
  return { name: `commit-${hash('sha256', text).slice(0, 16)}`, text, values };
}

/**
 * Moves the expiry of an unused record to `exp` (epoch seconds). It is no insert: a record that was revoked in the
 * meantime stays away.
 */
export const prolong = (id: string, exp: number): Change => ({
  text: `update records set payload = (payload::jsonb || jsonb_build_object('exp', $2::bigint))::json,
      expires_at = expires_at + make_interval(secs => $2::bigint - (payload ->> 'exp')::bigint)
    where id = $1::uuid and consumed_at is null and (payload ->> 'exp')::bigint < $2::bigint`,
  values: [id, exp],
});

/** The record of a device by the digest of the code that the user enters. */
export const ID_BY_USER_CODE = `select replace(id::text, '-', '') as id from records where user_code = decode($1, 'base64')`;
