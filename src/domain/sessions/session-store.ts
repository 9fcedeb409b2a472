import { batchedRead } from '../../db/batched-read.ts';
import type { Db } from '../../db/database.ts';
import type { Change } from '../../db/one-statement.ts';
import type { RunQuery } from '../../db/run-query.ts';
import type { SignInPlace } from '../values/sign-in-place.ts';
import {
  type AuthorizationChanges,
  type SessionPayload,
  type StoredSession,
  sessionIdOf,
} from './session.ts';

const COLUMNS = `s.uid, s.payload, s.account_id as "accountId", s.generation,
  a.status as "accountStatus", a.generation as "accountGeneration"`;

const BY_ID = `select replace(i.id::text, '-', '') as id, ${COLUMNS} from session_ids i
  join sessions s on s.uid = i.uid left join accounts a on a.id = s.account_id
  where i.id = any($1::uuid[]) and i.expires_at > pratu_now() and s.expires_at > pratu_now()`;

const BY_UID = `select ${COLUMNS} from sessions s left join accounts a on a.id = s.account_id
  where s.uid = $1 and s.expires_at > pratu_now()`;

/** Returns a reader of sessions by the value of their cookie, which reads many in one statement. */
export function sessionReader(query: RunQuery): (cookie: string) => Promise<StoredSession | undefined> {
  const read = batchedRead(
    async (ids: string[]) => {
      const { rows } = await query<StoredSession & { id: string }>('read-sessions', BY_ID, [ids]);
      return new Map(rows.map(({ id, ...session }) => [id, session as StoredSession]));
    },
    { name: 'read-sessions', tracing: query.tracing },
  );
  return (cookie) => read(sessionIdOf(cookie));
}

export async function readSessionByUid(query: RunQuery, uid: string): Promise<StoredSession | undefined> {
  const { rows } = await query<StoredSession>('read-session-by-uid', BY_UID, [uid]);
  return rows[0];
}

export interface SessionWrite {
  /** The new value of the cookie. */
  cookie: string;
  payload: SessionPayload;
  accountId: number | undefined;
  generation: number | undefined;
  changes: AuthorizationChanges;
  /** Set by a sign-in; unchanged until the next one. */
  place: SignInPlace | undefined;
  /** Seconds. */
  lifetime: number;
}

/** Returns the rows of a session that is created or changed, with the id of its cookie. */
const withId = (session: Change, cookie: string, unless = ''): [Change, Change] => [
  { ...session, as: 'written_session' },
  {
    text: `insert into session_ids (id, uid) select $1::uuid, uid from written_session${unless}`,
    values: [sessionIdOf(cookie)],
  },
];

/** Inserts a new session. */
export const createSession = (write: SessionWrite): Change[] =>
  withId(
    {
      text: `insert into sessions (uid, account_id, generation, payload, expires_at, place)
        values ($1, $2::bigint, coalesce($3::int, (select generation from accounts where id = $2::bigint)),
          $4::jsonb || jsonb_build_object('authorizations', $5::jsonb),
          pratu_now() + make_interval(secs => $6::float8), $7::jsonb)
        returning uid`,
      values: common(write),
    },
    write.cookie,
  );

/**
 * Updates a session that was read, and never creates it again: a concurrent logout stays effective. Authorizations of
 * other clients that another request added concurrently stay.
 */
export const changeSession = (write: SessionWrite): Change[] =>
  withId(
    {
      text: `update sessions set account_id = $2::bigint,
          generation = coalesce($3::int, (select a.generation from accounts a where a.id = $2::bigint)),
          seen_at = pratu_now(),
          payload = $4::jsonb || jsonb_build_object('authorizations',
            (coalesce(payload->'authorizations', '{}') - $8::text[]) || $5::jsonb),
          expires_at = pratu_now() + make_interval(secs => $6::float8),
          place = coalesce($7::jsonb, place)
        where uid = $1
        returning uid`,
      values: [...common(write), write.changes.removed],
    },
    write.cookie,
    ' on conflict do nothing',
  );

function common({ payload, accountId, generation, changes, place, lifetime }: SessionWrite): unknown[] {
  const { jti: _id, authorizations: _merged, ...rest } = payload;
  return [
    payload.uid,
    accountId ?? null,
    generation ?? null,
    JSON.stringify(rest),
    JSON.stringify(changes.changed),
    lifetime,
    place ? JSON.stringify(place) : null,
  ];
}

/** Deletes the id from before a sign-in immediately, so that a planted cookie is worthless (session fixation). */
export const killSessionId = (cookie: string): Change => ({
  text: 'delete from session_ids where id = $1::uuid',
  values: [sessionIdOf(cookie)],
});

/** Retires the id from before a renewal without a sign-in: other tabs may still send it for a minute. */
export const retireSessionId = (cookie: string): Change => ({
  text: `update session_ids set expires_at = least(expires_at, pratu_now() + interval '60 s') where id = $1::uuid`,
  values: [sessionIdOf(cookie)],
});

export const deleteSession = (cookie: string): Change => ({
  text: 'delete from sessions where uid in (select uid from session_ids where id = $1::uuid)',
  values: [sessionIdOf(cookie)],
});

/** A browser in which an account is signed in. */
export interface SignedInBrowser {
  uid: string;
  /** Null for a sign-in from before places were recorded. */
  place: SignInPlace | null;
  signedInAt: Date;
  /** When a client last signed in with it. */
  seenAt: Date;
}

/** Returns the live sessions of an account, the most recently seen first. */
export async function readBrowsers(db: Db, accountId: number): Promise<SignedInBrowser[]> {
  const { rows } = await db.raw(
    `select s.uid, s.place, s.seen_at as "seenAt",
       coalesce(to_timestamp((s.payload->>'loginTs')::float8), s.created_at) as "signedInAt"
     from sessions s join accounts a on a.id = s.account_id and a.generation = s.generation
     where s.account_id = ? and a.status = 'active' and s.expires_at > pratu_now()
     order by s.seen_at desc, s.uid`,
    [accountId],
  );
  return rows as SignedInBrowser[];
}

/** Deletes a session of the account. Returns its payload, or undefined when the account has none of this uid. */
export async function removeSession(
  db: Db,
  accountId: number,
  uid: string,
): Promise<SessionPayload | undefined> {
  const [row] = await db('sessions').where({ account_id: accountId, uid }).delete().returning('payload');
  return (row as { payload: SessionPayload } | undefined)?.payload;
}
