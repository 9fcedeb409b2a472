import type { Db } from '../../db/database.ts';
import type { LaggingRead } from '../../db/replica.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { audit } from '../audit/audit.ts';
import { type Page, type PageWanted, type Position, pageOf, positionIn } from '../values/cursor.ts';
import { QUEUED_COLUMNS, type QueuedMessage } from './outbox-store.ts';

export const MESSAGE_STATES = ['waiting', 'sent', 'dropped'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

/** The outbox as operators see it: the messages without their content. */
export interface MessageQueue {
  /** Returns messages, newest first. Throws `INVALID_CURSOR`. */
  list(state: MessageState | undefined, page: PageWanted): Promise<Page<QueuedMessage>>;
  /**
   * Queues a message to be sent again immediately. Throws `MESSAGE_NOT_FOUND`, and `MESSAGE_EMPTIED` when its content
   * was removed.
   */
  resend(id: string): Promise<QueuedMessage>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const CONDITIONS: Readonly<Record<MessageState, string>> = {
  waiting: 'sent_at is null and dropped_at is null',
  sent: 'sent_at is not null',
  dropped: 'dropped_at is not null',
};

/** Selects messages, newest first, from the end of the previous page. */
export function messageListQuery(
  db: Db,
  state: MessageState | undefined,
  limit: number,
  after: Position | undefined,
) {
  const query = db('outbox')
    .select([...QUEUED_COLUMNS, db.raw('created_at::text as exactly')])
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit);
  if (state) query.whereRaw(CONDITIONS[state]);
  if (after) query.whereRaw('(created_at, id) < (?::timestamptz, ?::uuid)', [...after]);
  return query;
}

const isKnown = async (db: Db, id: string): Promise<boolean> =>
  (await db('outbox').where({ id }).first('id')) !== undefined;

/** Queues a message that still has its content to be sent again immediately. */
async function resend(tx: Db, id: string): Promise<QueuedMessage> {
  if (!UUID.test(id)) throw new AppError('MESSAGE_NOT_FOUND');
  const [sent] = (await tx('outbox')
    .where({ id })
    .whereNotNull('sealed')
    .update({
      sent_at: null,
      dropped_at: null,
      attempts: 0,
      next_attempt_at: tx.raw('pratu_now()'),
      expires_at: tx.raw(`greatest(expires_at, pratu_now() + interval '1 hour')`),
    })
    .returning(QUEUED_COLUMNS)) as QueuedMessage[];
  if (!sent) throw new AppError((await isKnown(tx, id)) ? 'MESSAGE_EMPTIED' : 'MESSAGE_NOT_FOUND');
  await audit({ db: tx }).record({
    event: 'message.resent',
    accountId: sent.accountId ?? undefined,
    details: { message: id },
  });
  return sent;
}

export const messageQueue = ({ db, lagging }: { db: Db; lagging: LaggingRead }): MessageQueue => ({
  async list(state, { limit, after }) {
    const list = `messages ${state ?? ''}`;
    const from = positionIn(list, after, 2);
    const rows = (await lagging(async (db) =>
      messageListQuery(db, state, limit + 1, from),
    )) as (QueuedMessage & { exactly: string })[];
    return pageOf(list, rows, limit, ({ exactly, id }) => [exactly, id]);
  },
  resend: (id) => transaction(db, (tx) => resend(tx, id)),
});
