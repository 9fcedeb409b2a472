import type { Change } from '../../db/one-statement.ts';
import type { WebhookType } from './webhook-type.ts';

/** An event as webhooks get it. */
export interface WebhookEvent {
  type: WebhookType;
  accountId: number | null;
  clientId: string | null;
  /** Facts without personal data, secrets or tokens. */
  data: Readonly<Record<string, unknown>>;
}

/**
 * An insert that queues events for every webhook that wants them. The list of webhooks is read by the
 * statement itself, so no process can have an outdated one, and without webhooks nothing is written. The events of an
 * account are delivered in the order in which they are given.
 */
export function queueing(events: readonly WebhookEvent[]): Change {
  const values: unknown[] = [];
  const placeholder = (value: unknown): string => `$${values.push(value)}`;
  const rows = events.map(({ type, accountId, clientId, data }, index) =>
    [
      `(${index}`,
      `${placeholder(type)}::text`,
      `${placeholder(accountId)}::bigint`,
      `${placeholder(clientId)}::text`,
      `${placeholder(JSON.stringify(data))}::jsonb)`,
    ].join(', '),
  );
  const text = `insert into webhook_deliveries (webhook_id, type, account_id, client_id, data)
    select w.id, e.type, e.account_id, e.client_id, e.data
    from (values ${rows.join(', ')}) as e (number, type, account_id, client_id, data)
    join webhooks w on e.type = any(w.events)
    where w.disabled_at is null
    order by e.number`;
  return { text, values };
}
