import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Keyring } from '../../lib/keyring.ts';
import type { LastingDigest } from '../secrets/lasting-digest.ts';

/** Responses to requests with an `Idempotency-Key`. */
export interface IdempotentResponses {
  /**
   * Runs `work` for the first request with this key and content, and returns its response to later ones for 24 hours. A
   * failure is not stored. Throws what `work` throws, `IDEMPOTENCY_KEY_REUSED` for other content, and `UNAVAILABLE` if
   * the first request is still in progress.
   */
  once(request: { key: string; content: string }, work: () => Promise<string>): Promise<string>;
}

const KEY = 'idempotency_responses.key';
const CONTENT = 'idempotency_responses.content';
const RESPONSE = 'idempotency_responses.sealed';
/** The longest time for which a crashed process blocks its key. */
const LEASE_SECONDS = 30;
const PAUSES_MS = [20, 50, 100, 200, 400, 800];

interface Row {
  content: Buffer;
  sealed: Buffer | null;
}

interface Deps {
  db: Db;
  keyring: Keyring;
  digest: LastingDigest;
}

export function idempotentResponses({ db, keyring, digest }: Deps): IdempotentResponses {
  const rows = () => db('idempotency_responses');

  async function begin(key: Buffer, content: Buffer): Promise<boolean> {
    const { rows: begun } = await db.raw(
      `insert into idempotency_responses as r (key, content) values (?, ?)
       on conflict (key) do update set begun_at = pratu_now()
         where r.sealed is null and r.content = excluded.content
           and r.begun_at < pratu_now() - make_interval(secs => ${LEASE_SECONDS})
       returning key`,
      [key, content],
    );
    return begun.length > 0;
  }

  async function first(key: Buffer, work: () => Promise<string>): Promise<string> {
    let response: string;
    try {
      response = await work();
    } catch (error) {
      await rows()
        .where({ key, sealed: null })
        .delete()
        .catch(() => undefined);
      throw error;
    }
    // the work has been done: an error here would make the client repeat it
    await rows()
      .where({ key })
      .update({ sealed: keyring.seal(RESPONSE, response, key.toString('hex')) })
      .catch(() => undefined);
    return response;
  }

  return {
    async once(request, work) {
      const key = digest(KEY, request.key);
      const content = digest(CONTENT, request.content);
      for (const milliseconds of PAUSES_MS) {
        if (await begin(key, content)) return first(key, work);
        const row: Row | undefined = await rows().where({ key }).first('content', 'sealed');
        if (row && !row.content.equals(content)) throw new AppError('IDEMPOTENCY_KEY_REUSED');
        if (row?.sealed) return keyring.openText(RESPONSE, row.sealed, key.toString('hex'));
        await pause(milliseconds);
      }
      throw new AppError('UNAVAILABLE', { retryAfter: 1 });
    },
  };
}
