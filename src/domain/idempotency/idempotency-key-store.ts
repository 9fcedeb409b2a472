import type { Db } from '../../db/database.ts';

/** A form of one browser with what it was filled with, as digests. */
export interface SubmissionName {
  form: Buffer;
  content: Buffer;
}

/**
 * Takes a form's place to work on it: undefined while the same content is worked on, for at most `leaseSeconds`, or was
 * for `retentionSeconds` after its beginning. Other content takes the place at once.
 */
export async function beginRun(
  db: Db,
  { form, content }: SubmissionName,
  { leaseSeconds, retentionSeconds }: { leaseSeconds: number; retentionSeconds: number },
): Promise<string | undefined> {
  const { rows } = await db.raw(
    `insert into submissions as s (form, content) values (?, ?)
     on conflict (form) do update
       set content = excluded.content, run = gen_random_uuid(), begun_at = pratu_now(), sealed = null
       where s.content <> excluded.content
         or s.begun_at < pratu_now() - make_interval(secs => case when s.sealed is null then ?::int else ?::int end)
     returning run`,
    [form, content, leaseSeconds, retentionSeconds],
  );
  return (rows as { run: string }[])[0]?.run;
}

/** What the same content was answered; undefined while it is worked on, or when it failed. */
export async function answerOf(db: Db, name: SubmissionName): Promise<Buffer | undefined> {
  const row = await db('submissions')
    .where({ ...name })
    .first('sealed');
  return row?.sealed ?? undefined;
}

/** Saves the answer of a run, unless the form's place is another's by now. */
export async function saveAnswer(db: Db, run: string, sealed: Buffer): Promise<void> {
  await db('submissions').where({ run }).update({ sealed });
}

export async function forgetRun(db: Db, run: string): Promise<void> {
  await db('submissions').where({ run }).delete();
}
