import type { Db } from '../../db/database.ts';

/** A form of one browser and the content submitted with it, as digests. */
export interface SubmissionName {
  form: Buffer;
  content: Buffer;
}

/**
 * Claims a form for processing. Returns undefined if the same content is in progress, for at most `leaseSeconds`, or
 * has completed, until `retentionSeconds` after it began. Other content claims the form immediately.
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

/** Returns the stored result for the same content; undefined while it is in progress, or if it failed. */
export async function answerOf(db: Db, name: SubmissionName): Promise<Buffer | undefined> {
  const row = await db('submissions')
    .where({ ...name })
    .first('sealed');
  return row?.sealed ?? undefined;
}

/** Stores the result of a run, unless another run has claimed the form in the meantime. */
export async function saveAnswer(db: Db, run: string, sealed: Buffer): Promise<void> {
  await db('submissions').where({ run }).update({ sealed });
}

export async function forgetRun(db: Db, run: string): Promise<void> {
  await db('submissions').where({ run }).delete();
}
