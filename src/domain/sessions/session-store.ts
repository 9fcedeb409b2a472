import type { Statement } from '../records/record.ts';
import type { RunQuery } from '../records/run-query.ts';
import {
  type AuthorizationChanges,
  type SessionPayload,
  type StoredSession,
  sessionIdOf,
} from './session.ts';

const COLUMNS = `s.uid, s.payload, s.account_id as "accountId", s.generation,
  a.status as "accountStatus", a.generation as "accountGeneration"`;

const BY_ID = `select ${COLUMNS} from session_ids i
  join sessions s on s.uid = i.uid left join accounts a on a.id = s.account_id
  where i.id = $1 and i.expires_at > pratu_now() and s.expires_at > pratu_now()`;

const BY_UID = `select ${COLUMNS} from sessions s left join accounts a on a.id = s.account_id
  where s.uid = $1 and s.expires_at > pratu_now()`;

export async function readSession(query: RunQuery, cookie: string): Promise<StoredSession | undefined> {
  const { rows } = await query<StoredSession>('read-session', BY_ID, [sessionIdOf(cookie)]);
  return rows[0];
}

export async function readSessionByUid(query: RunQuery, uid: string): Promise<StoredSession | undefined> {
  const { rows } = await query<StoredSession>('read-session-by-uid', BY_UID, [uid]);
  return rows[0];
}

export interface SessionWrite {
  /** The value of the cookie from now on. */
  cookie: string;
  payload: SessionPayload;
  accountId: number | undefined;
  generation: number | undefined;
  changes: AuthorizationChanges;
  /** Seconds. */
  lifetime: number;
}

/** A session that nobody has seen before. */
export const createSession = (write: SessionWrite): Statement => ({
  text: `with s as (
      insert into sessions (uid, account_id, generation, payload, expires_at)
      values ($1, $2::bigint, coalesce($3::int, (select generation from accounts where id = $2::bigint)), $4::jsonb || jsonb_build_object('authorizations', $5::jsonb),
        pratu_now() + make_interval(secs => $6::float8))
      returning uid)
    insert into session_ids (id, uid) select $7::uuid, uid from s`,
  values: [...common(write), write.lifetime, sessionIdOf(write.cookie)],
});

/**
 * A session that was read is changed, never made again: when a logout came in between, it stays a logout. Authorizations
 * of other clients that another request added meanwhile stay.
 */
export const changeSession = (write: SessionWrite): Statement => ({
  text: `with s as (
      update sessions set account_id = $2::bigint,
        generation = coalesce($3::int, (select a.generation from accounts a where a.id = $2::bigint)), seen_at = pratu_now(),
        payload = $4::jsonb || jsonb_build_object('authorizations',
          (coalesce(payload->'authorizations', '{}') - $8::text[]) || $5::jsonb),
        expires_at = pratu_now() + make_interval(secs => $6::float8)
      where uid = $1
      returning uid)
    insert into session_ids (id, uid) select $7::uuid, uid from s on conflict do nothing`,
  values: [...common(write), write.lifetime, sessionIdOf(write.cookie), write.changes.removed],
});

function common({ payload, accountId, generation, changes }: SessionWrite): unknown[] {
  const { jti: _id, authorizations: _merged, ...rest } = payload;
  return [
    payload.uid,
    accountId ?? null,
    generation ?? null,
    JSON.stringify(rest),
    JSON.stringify(changes.changed),
  ];
}

/** The id before a sign-in: dead at once, so that a planted cookie is worth nothing (fixation). */
export const killSessionId = (cookie: string): Statement => ({
  text: 'delete from session_ids where id = $1::uuid',
  values: [sessionIdOf(cookie)],
});

/** The id before a renewal without a sign-in: other tabs may still send it for a minute. */
export const retireSessionId = (cookie: string): Statement => ({
  text: `update session_ids set expires_at = least(expires_at, pratu_now() + interval '60 s') where id = $1::uuid`,
  values: [sessionIdOf(cookie)],
});

export const deleteSession = (cookie: string): Statement => ({
  text: 'delete from sessions where uid in (select uid from session_ids where id = $1::uuid)',
  values: [sessionIdOf(cookie)],
});
