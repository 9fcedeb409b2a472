import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Keyring } from '../../lib/keyring.ts';
import type { Accounts } from '../accounts/accounts.ts';
import { notify } from '../accounts/notices.ts';
import { audit } from '../audit/audit.ts';
import type { Outbox } from '../messages/outbox.ts';
import { failureOf } from '../messages/send-failure.ts';
import { operators } from '../operators/operators.ts';
import * as store from './delivery-store.ts';
import { bodyOf } from './payload.ts';
import { signatureOf } from './signature.ts';
import { type Delivery, RETRY_SECONDS, TIMEOUT_MS } from './webhook.ts';
import { disableWebhook, readSecrets, readWebhook } from './webhook-store.ts';

export type { Claimed } from './delivery-store.ts';

/** The outcome of an attempt. */
export interface Outcome extends store.Attempted {
  result: 'delivered' | 'postponed' | 'failed';
  /** Whether the attempt disabled the webhook. */
  disabled: boolean;
}

/** The delivery of queued events. */
export interface Deliveries {
  /** The enabled webhooks that have due deliveries. */
  due(): Promise<string[]>;
  /**
   * Leases up to `limit` due deliveries of a webhook to this process, each the first waiting one of its account.
   * `isMore` means that another claim may find more.
   */
  claim(webhookId: string, limit: number): Promise<{ claimed: store.Claimed[]; isMore: boolean }>;
  /** Makes one attempt and records its outcome. */
  attempt(claimed: store.Claimed): Promise<Outcome>;
  /** Sends an event of the type `webhook.test` once, even if the webhook is disabled. Throws `WEBHOOK_NOT_FOUND`. */
  test(webhookId: string): Promise<Delivery>;
  stats(): Promise<{ waiting: number; oldestSeconds: number }>;
}

export interface DeliveriesDeps {
  db: Db;
  keyring: Keyring;
  clock: Clock;
  /** Refuses private addresses, redirects and long responses; ends within `TIMEOUT_MS`. */
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  accountsIn: (db: Db) => Pick<Accounts, 'find'>;
  outboxIn: (db: Db) => Outbox;
  /** The URL of the operators' page of a webhook. */
  pageOf: (webhookId: string) => string;
}

const GONE = 410;

export function deliveries(deps: DeliveriesDeps): Deliveries {
  const { db, keyring, clock, accountsIn } = deps;

  /** The status of the response, or the error if there was none. Never throws. */
  async function send(claimed: store.Claimed): Promise<store.Attempted> {
    try {
      const webhook = await readWebhook(db, claimed.webhookId);
      if (!webhook) return { status: null, error: 'REMOVED' };
      const { accountId, id } = claimed;
      const wantsContacts = webhook.include.includes('contacts') && accountId !== null;
      const about = wantsContacts ? { account: await accountsIn(db).find(accountId) } : undefined;
      const body = bodyOf(claimed, about);
      const timestamp = Math.floor(clock.now().getTime() / 1000);
      const secrets = await readSecrets(db, keyring, webhook.id);
      const response = await deps.fetch(webhook.url, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': signatureOf(secrets, { id, timestamp, body }),
        },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const { status, ok } = response;
      return { status, error: ok ? null : `HTTP_${status}` };
    } catch (error) {
      return { status: null, error: failureOf(error).code };
    }
  }

  /** Disables a webhook, once, and notifies the active operators with the role `admin`. */
  async function disable(tx: Db, webhookId: string, reason: 'gone' | 'failing'): Promise<boolean> {
    if (!(await disableWebhook(tx, webhookId, reason))) return false;
    const webhook = await readWebhook(tx, webhookId);
    // the notice contains only the host, as the URL may contain a secret of the receiver
    const link = deps.pageOf(webhookId);
    const { host } = new URL(webhook?.url ?? 'about:blank');
    await audit({ db: tx }).record({
      event: 'webhook.disabled',
      details: { webhook: webhookId, cause: reason },
    });
    for (const { accountId, role, status } of await operators({ db: tx }).list()) {
      if (role !== 'admin' || status !== 'active') continue;
      const account = await accountsIn(tx).find(accountId);
      if (account) await notify({ outbox: deps.outboxIn(tx) }, account, 'webhook-disabled', { host, link });
    }
    return true;
  }

  /** Records a failed attempt. */
  function failed(claimed: store.Claimed, attempted: store.Attempted): Promise<Outcome> {
    const seconds = attempted.status === GONE ? undefined : RETRY_SECONDS[claimed.attempts - 1];
    const result = seconds === undefined ? 'failed' : 'postponed';
    return transaction(db, async (tx) => {
      if (seconds === undefined) await store.finish(tx, claimed, 'failed', attempted);
      else await store.postpone(tx, claimed, attempted, seconds);
      const isOver = await store.noteFailure(tx, claimed.webhookId);
      const reason = attempted.status === GONE ? 'gone' : isOver ? 'failing' : undefined;
      const disabled = reason !== undefined && (await disable(tx, claimed.webhookId, reason));
      return { ...attempted, result, disabled };
    });
  }

  return {
    due: () => store.readDueWebhooks(db),
    claim: (webhookId, limit) =>
      transaction(db, async (tx) => {
        const positions = await store.lockDue(tx, webhookId);
        if (positions.length === 0) return { claimed: [], isMore: false };
        const { claimed, behind } = await store.leaseLocked(tx, { webhookId, positions, limit });
        return { claimed, isMore: behind > 0 || claimed.length === limit };
      }),
    async attempt(claimed) {
      const attempted = await send(claimed);
      if (attempted.error !== null) return failed(claimed, attempted);
      await store.finish(db, claimed, 'delivered', attempted);
      await store.noteSuccess(db, claimed.webhookId);
      return { ...attempted, result: 'delivered', disabled: false };
    },
    async test(webhookId) {
      if (!(await readWebhook(db, webhookId))) throw new AppError('WEBHOOK_NOT_FOUND');
      const claimed = await store.insertTest(db, webhookId);
      const attempted = await send(claimed);
      const state = attempted.error === null ? 'delivered' : 'failed';
      await store.finish(db, claimed, state, attempted);
      return (await store.readDelivery(db, webhookId, claimed.id)) as Delivery;
    },
    stats: () => store.readWaiting(db),
  };
}
