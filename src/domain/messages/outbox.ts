import { randomUUID } from 'node:crypto';
import type { Db } from '../../db/database.ts';
import type { Change } from '../../db/one-statement.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { requestContext } from '../../lib/request-context.ts';
import type { Tracing } from '../../lib/tracing.ts';
import { backOffSeconds } from './back-off.ts';
import type { Channels } from './channels.ts';
import { circumstances } from './circumstances.ts';
import { type MailLimitsDeps, takeMail } from './mail-limits.ts';
import {
  type Channel,
  type Contents,
  type Message,
  NOTICES,
  type PingMessage,
  type SmsContent,
} from './message.ts';
import * as store from './outbox-store.ts';
import { failureOf } from './send-failure.ts';
import type { Templates } from './templates.ts';

export type { QueuedMessage } from './outbox-store.ts';

/** How long a leased message is hidden from other processes; an attempt must end well before. */
export const LEASE_SECONDS = 60;
const SEALED = 'outbox.sealed';
const PAGE = 200;

/**
 * The result of adding a message. Nothing is added if the same message exists already, or if its address has received
 * too many.
 */
export type Added = 'added' | 'duplicate' | 'dropped';

/** A message that this process has leased. */
export interface Due<C extends Channel> {
  id: string;
  kind: string;
  /** The number of attempts, including this one. */
  attempts: number;
  /** The span of the request that queued it; null if that request was not traced. */
  traceparent: string | null;
  /** Throws when no key of the keyring decrypts it. */
  content(): Contents[C];
}

export interface ListedMessage {
  id: string;
  channel: 'mail' | 'sms';
  to: string;
  /** Null for an SMS, like `html`. */
  subject: string | null;
  text: string;
  html: string | null;
  createdAt: Date;
}

export interface Outbox {
  /**
   * Renders the message and adds it, in the caller's transaction when `db` is one: it is sent if and only if the
   * transaction commits. Mails to one address, registered or not, are limited by kind and hour, and by day. The last
   * ones are reserved for networks that have not requested one; notices have a daily limit of their own. A duplicate
   * counts against the limit too. Mails that the caller has counted (`isCounted`) are not limited here.
   */
  add(message: Message): Promise<Added>;
  /** Returns the statement that adds a ping, for a unit of work. */
  pingPart(message: PingMessage): Change;
  /** Leases up to `limit` due messages of a channel to this process. */
  claimDue<C extends Channel>(channel: C, limit: number): Promise<Due<C>[]>;
  sent(id: string): Promise<void>;
  /**
   * Schedules a retry, or drops the message after the last attempt. Returns whether it was dropped, and a short code.
   */
  failed(due: Due<Channel>, error: unknown): Promise<{ code: string; dropped: boolean }>;
  /** Drops messages that have expired. Returns their number. */
  dropExpired(): Promise<number>;
  /** The development outbox: mails and SMS that still have their content, newest first. */
  list(filter: { to?: string | undefined; limit: number }): Promise<ListedMessage[]>;
  /** Returns the messages that a request queued, without their content. */
  ofRequest(requestId: string): Promise<store.QueuedMessage[]>;
  /**
   * Returns figures of the channels that this process sends through. `oldestSeconds` is the age of the oldest waiting
   * message; 0 if none waits.
   */
  stats(): Promise<{ waiting: number; oldestSeconds: number }>;
}

export interface OutboxDeps extends MailLimitsDeps {
  db: Db;
  keyring: Keyring;
  templates: Templates;
  clock: Clock;
  /** The channels that this process sends through. */
  channels: Channels;
  /** Development: content stays readable after sending. */
  retainContent: boolean;
  maxAttempts: number;
  /** Records the span that queues a message. */
  tracing?: Pick<Tracing, 'traceparent'> | undefined;
}

function write(message: Message, { templates, clock }: OutboxDeps): Contents[Channel] {
  switch (message.channel) {
    case 'mail': {
      const done = NOTICES.has(message.kind) ? circumstances(message.doneAt ?? clock.now()) : undefined;
      return { to: message.to, ...templates.mail({ ...message, done }) };
    }
    case 'sms':
      return { to: message.to, ...templates.sms(message) };
    case 'logout': {
      const { clientId, sub, sid } = message;
      return { clientId, sub, sid };
    }
    case 'revocation': {
      const { binding, token } = message;
      return { binding, token };
    }
    case 'ping': {
      const { clientId, id, token } = message;
      return { clientId, id, token };
    }
  }
}

/**
 * Messages that wait to be sent. A row is written together with the change that it reports and sent afterwards; a
 * message is sent again only if its process dies while sending it.
 */
export function outbox(deps: OutboxDeps): Outbox {
  const { db, keyring, retainContent, maxAttempts } = deps;
  const open = <C extends Channel>(id: string, sealed: Uint8Array): Contents[C] =>
    JSON.parse(keyring.openText(SEALED, sealed, id));

  const rowOf = (message: Message): store.NewRow => {
    const id = randomUUID();
    return {
      channel: message.channel,
      kind: message.kind,
      accountId: message.accountId,
      requestId: requestContext().requestId,
      traceparent: deps.tracing?.traceparent(),
      id,
      sealed: keyring.seal(SEALED, JSON.stringify(write(message, deps)), id),
      dedupeKey: message.dedupeKey,
      toNobody: message.toNobody ?? false,
      lifetimeSeconds: message.lifetimeSeconds,
    };
  };

  function listed({ id, channel, sealed, createdAt }: store.ReadableRow): ListedMessage {
    const { to, text, ...rest } = open<'mail' | 'sms'>(id, sealed) as SmsContent & Partial<Contents['mail']>;
    return { id, channel, to, subject: rest.subject ?? null, text, html: rest.html ?? null, createdAt };
  }

  return {
    async add(message) {
      if (message.channel === 'mail' && !message.isCounted && !(await takeMail(deps, message)))
        return 'dropped';
      const inserted = await store.insertRow(db, rowOf(message));
      return inserted || message.toNobody ? 'added' : 'duplicate';
    },
    pingPart: (message) => store.insertion(rowOf(message)),
    async claimDue(channel, limit) {
      const rows = await store.leaseDue(db, { channel, limit, leaseSeconds: LEASE_SECONDS });
      return rows.map(({ sealed, ...row }) => ({ ...row, content: () => open(row.id, sealed) }));
    },
    sent: (id) => store.markSent(db, id, !retainContent),
    async failed(due, error) {
      const { code, retryAfter } = failureOf(error);
      const dropped = due.attempts >= maxAttempts;
      if (dropped) await store.drop(db, due, code, !retainContent);
      else await store.postpone(db, due, code, Math.max(backOffSeconds(due.attempts), retryAfter));
      return { code, dropped };
    },
    dropExpired: () => store.dropOverdue(db, !retainContent),
    async list({ to, limit }) {
      const found: ListedMessage[] = [];
      // the recipient is sealed with the content, so the filter is applied here
      for (let offset = 0; found.length < limit; offset += PAGE) {
        const rows = await store.readReadable(db, { limit: PAGE, offset });
        found.push(...rows.map(listed).filter((message) => to === undefined || message.to === to));
        if (rows.length < PAGE) break;
      }
      return found.slice(0, limit);
    },
    ofRequest: (requestId) => store.readOfRequest(db, requestId),
    stats: () => store.readStats(db, deps.channels),
  };
}
