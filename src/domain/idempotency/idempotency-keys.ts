import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Keyring } from '../../lib/keyring.ts';
import type { LastingDigest } from '../secrets/lasting-digest.ts';
import { answerOf, beginRun, forgetRun, type SubmissionName, saveAnswer } from './idempotency-key-store.ts';

export interface Submission {
  /** Who sends which form: a value that only this browser has is part of it. */
  form: string;
  /** What was sent, all of it. */
  content: string;
}

/** Forms that a browser sends twice, one after the other or both at once. */
export interface IdempotencyKeys {
  /**
   * Does `work` for the first one; the same form with the same content waits for it and gets its answer, for a
   * minute. A failure is not stored: a waiting request does the work again. An answer of `undefined` is not
   * saved either. Throws what `work` throws, and `UNAVAILABLE` when the first one takes too long.
   */
  once(submission: Submission, work: () => Promise<string | undefined>): Promise<string | undefined>;
}

const RETENTION_SECONDS = 60;
/** A process that has died in the middle holds a form up no longer. */
const LEASE_SECONDS = 30;
const FORM = 'submissions.form';
const CONTENT = 'submissions.content';
const ANSWER = 'submissions.sealed';
/** The answer is bound to what was sent. */
const rowOf = ({ form, content }: SubmissionName): string =>
  `${form.toString('hex')} ${content.toString('hex')}`;
/** Ten seconds together. */
const PAUSES_MS = [20, 40, 80, 160, 300, 400, ...Array<number>(18).fill(500)];

interface Deps {
  db: Db;
  keyring: Keyring;
  digest: LastingDigest;
}

export function idempotencyKeys({ db, keyring, digest }: Deps): IdempotencyKeys {
  /** Whether the answer is saved is a matter of comfort: what was done is done. */
  const quietly = (write: Promise<void>): Promise<void> => write.catch(() => undefined);

  async function runAs(
    name: SubmissionName,
    run: string,
    work: () => Promise<string | undefined>,
  ): Promise<string | undefined> {
    let answer: string | undefined;
    try {
      answer = await work();
    } catch (error) {
      await quietly(forgetRun(db, run));
      throw error;
    }
    await quietly(
      answer === undefined
        ? forgetRun(db, run)
        : saveAnswer(db, run, keyring.seal(ANSWER, answer, rowOf(name))),
    );
    return answer;
  }

  return {
    async once({ form, content }, work) {
      const name = { form: digest(FORM, form), content: digest(CONTENT, content) };
      for (const milliseconds of PAUSES_MS) {
        const run = await beginRun(db, name, {
          leaseSeconds: LEASE_SECONDS,
          retentionSeconds: RETENTION_SECONDS,
        });
        if (run !== undefined) return runAs(name, run, work);
        const sealed = await answerOf(db, name);
        if (sealed) return keyring.openText(ANSWER, sealed, rowOf(name));
        await pause(milliseconds);
      }
      throw new AppError('UNAVAILABLE', { retryAfter: 1 });
    },
  };
}
