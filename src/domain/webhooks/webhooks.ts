import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { takeTurn } from '../../db/turn.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { type AuditEvent, audit } from '../audit/audit.ts';
import { type Page, type PageWanted, pageOf, positionIn } from '../values/cursor.ts';
import { deliveryListQuery, readDelivery, repeatDelivery } from './delivery-store.ts';
import { newSecret } from './signature.ts';
import { type Delivery, type DeliveryState, MOST_WEBHOOKS, type Webhook } from './webhook.ts';
import { type CheckUrl, type GivenWebhook, judged } from './webhook-rules.ts';
import * as store from './webhook-store.ts';

export { versionOf } from './webhook-store.ts';

/** Throws for a version other than the expected one. */
type CheckVersion = (version: string) => void;

/** The receivers of events, as operators manage them. */
export interface Webhooks {
  list(): Promise<Webhook[]>;
  /** Throws `WEBHOOK_NOT_FOUND`. */
  find(id: string): Promise<Webhook>;
  /** Adds a webhook, with its secret. Throws `Violations`, `WEBHOOK_TAKEN`, `TOO_MANY_WEBHOOKS`. */
  create(given: GivenWebhook): Promise<{ webhook: Webhook; secret: string }>;
  /**
   * Changes `url`, `events`, `include`, and whether it is `enabled`. Throws `WEBHOOK_NOT_FOUND`, what `create` and
   * `check` throw, and `PRECONDITION_FAILED` after a concurrent change.
   */
  change(id: string, patch: GivenWebhook, check?: CheckVersion): Promise<Webhook>;
  /** Creates a new secret; the previous one stays valid for `keepSeconds`. Throws `WEBHOOK_NOT_FOUND`. */
  rotateSecret(id: string, keepSeconds: number): Promise<string>;
  /** Throws `WEBHOOK_NOT_FOUND`, and what `check` throws. */
  remove(id: string, check?: CheckVersion): Promise<void>;
  /** Newest first. Throws `WEBHOOK_NOT_FOUND`, `INVALID_CURSOR`. */
  deliveries(id: string, state: DeliveryState | undefined, page: PageWanted): Promise<Page<Delivery>>;
  /**
   * Delivers an event again, under the same id. Throws `WEBHOOK_NOT_FOUND`, `DELIVERY_NOT_FOUND`, `WEBHOOK_DISABLED`.
   */
  redeliver(id: string, delivery: string): Promise<Delivery>;
}

interface Deps {
  db: Db;
  keyring: Keyring;
  environment: string;
  checkUrl: CheckUrl;
}

/** The names of the changed members. */
const changedFields = (before: Webhook, after: store.Writable): string[] =>
  (['url', 'events', 'include'] as const).filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  );

export function webhooks({ db, keyring, environment, checkUrl }: Deps): Webhooks {
  const rules = { environment, checkUrl };

  async function find(id: string): Promise<Webhook> {
    const webhook = await store.readWebhook(db, id);
    if (!webhook) throw new AppError('WEBHOOK_NOT_FOUND');
    return webhook;
  }

  async function locked(tx: Db, id: string, check?: CheckVersion): Promise<Webhook> {
    const webhook = await store.lockWebhook(tx, id);
    if (!webhook) throw new AppError('WEBHOOK_NOT_FOUND');
    check?.(store.versionOf(webhook));
    return webhook;
  }

  const recordIn = (tx: Db, event: AuditEvent['event'], webhook: string, more: AuditEvent['details'] = {}) =>
    audit({ db: tx }).record({ event, details: { webhook, ...more } });

  async function refuseTaken(tx: Db, url: string, id?: string): Promise<void> {
    const others = (await store.listWebhooks(tx)).filter((one) => one.id !== id);
    if (others.some((one) => one.url === url)) throw new AppError('WEBHOOK_TAKEN', { field: 'url' });
    if (others.length >= MOST_WEBHOOKS) throw new AppError('TOO_MANY_WEBHOOKS');
  }

  /** Serialises changes of the list, because URLs are distinct and their number is limited. */
  const changing = <T>(work: (tx: Db) => Promise<T>): Promise<T> =>
    transaction(db, async (tx) => {
      await takeTurn(tx, 'webhooks');
      return work(tx);
    });

  return {
    list: () => store.listWebhooks(db),
    find,
    async create(given) {
      const wanted = await judged(given, rules);
      const secret = newSecret();
      const webhook = await changing(async (tx) => {
        await refuseTaken(tx, wanted.url);
        const added = await store.insertWebhook(tx, wanted);
        await store.addSecret(tx, keyring, { webhookId: added.id, secret, keepSeconds: 0 });
        await recordIn(tx, 'webhook.created', added.id, { events: wanted.events.join(' ') });
        return added;
      });
      return { webhook, secret };
    },
    async change(id, { enabled, ...patch }, check) {
      // outside of the transaction, as it may query a name server
      const before = await find(id);
      const { url, events, include } = before;
      // a webhook can be disabled although the settings no longer allow its URL
      const isUrlStored = patch.url === undefined && enabled !== true;
      const wanted = await judged({ url, events, include, ...patch }, rules, { isUrlStored });
      await changing(async (tx) => {
        const present = await locked(tx, id, check);
        if (store.versionOf(present) !== store.versionOf(before)) throw new AppError('PRECONDITION_FAILED');
        await refuseTaken(tx, wanted.url, id);
        const fields = changedFields(present, wanted);
        if (fields.length > 0) await store.updateWebhook(tx, id, wanted);
        const isChanged = enabled !== undefined && enabled !== (present.disabledAt === null);
        if (isChanged && enabled === true) await store.enableWebhook(tx, id);
        if (isChanged && enabled === false) await store.disableWebhook(tx, id, 'operator');
        if (isChanged) fields.push('enabled');
        if (fields.length > 0) await recordIn(tx, 'webhook.changed', id, { fields: fields.join(' ') });
      });
      return find(id);
    },
    async rotateSecret(id, keepSeconds) {
      const secret = newSecret();
      await transaction(db, async (tx) => {
        await locked(tx, id);
        await store.addSecret(tx, keyring, { webhookId: id, secret, keepSeconds });
        await recordIn(tx, 'webhook.secret_rotated', id, { keepSeconds });
      });
      return secret;
    },
    remove: (id, check) =>
      changing(async (tx) => {
        await locked(tx, id, check);
        await store.deleteWebhook(tx, id);
        await recordIn(tx, 'webhook.removed', id);
      }),
    async deliveries(id, state, { limit, after }) {
      await find(id);
      const list = `deliveries ${id} ${state ?? ''}`;
      const query = deliveryListQuery(db, { webhookId: id, state }, limit + 1, positionIn(list, after, 1));
      const rows = (await query) as (Delivery & { position: number })[];
      return pageOf(list, rows, limit, ({ position }) => [position]);
    },
    redeliver: (id, delivery) =>
      transaction(db, async (tx) => {
        const { disabledAt } = await locked(tx, id);
        if (!(await readDelivery(tx, id, delivery))) throw new AppError('DELIVERY_NOT_FOUND');
        if (disabledAt !== null) throw new AppError('WEBHOOK_DISABLED');
        await recordIn(tx, 'webhook.redelivered', id, { delivery });
        return (await repeatDelivery(tx, id, delivery)) as Delivery;
      }),
  };
}
