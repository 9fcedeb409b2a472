import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Keyring } from '../../lib/keyring.ts';
import type { LastingDigest } from '../secrets/lasting-digest.ts';
import { answerOf, beginRun, forgetRun, type SubmissionName, saveAnswer } from './idempotency-key-store.ts';

export interface Submission {
  /** Identifies the form and its browser: it includes a value that only this browser has. */
  form: string;
  /** Everything that was submitted. */
  content: string;
}

/** Handling of forms that a browser submits twice, one after the other or simultaneously. */
export interface IdempotencyKeys {
  /**
   * Runs `work` for the first submission. A submission of the same form with the same content waits for it and returns
   * its result, for one minute. A failure is not stored: a waiting request runs `work` again. A result of `undefined`
   * is not stored either. Throws what `work` throws, and `UNAVAILABLE` if the first submission takes too long.
   */
  once(submission: Submission, work: () => Promise<string | undefined>): Promise<string | undefined>;
}

const RETENTION_SECONDS = 60;
/** The longest time for which a crashed process blocks a form. */
const LEASE_SECONDS = 30;
const FORM = 'submissions.form';
const CONTENT = 'submissions.content';
const ANSWER = 'submissions.sealed';
/** The result is bound to the form and its content. */
const rowOf = ({ form, content }: SubmissionName): string =>
  `${form.toString('hex')} ${content.toString('hex')}`;
/** Ten seconds in total. */
const PAUSES_MS = [20, 40, 80, 160, 300, 400, ...Array<number>(18).fill(500)];

interface Deps {
  db: Db;
  keyring: Keyring;
  digest: LastingDigest;
}

export function idempotencyKeys({ db, keyring, digest }: Deps): IdempotencyKeys {
  /** Ignores a failure to store or delete a result: the work itself has been done. */
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
