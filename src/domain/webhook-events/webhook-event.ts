import type { Change } from '../../db/one-statement.ts';
import type { WebhookType } from './webhook-type.ts';

/** An event as delivered to webhooks. */
export interface WebhookEvent {
  type: WebhookType;
  accountId: number | null;
  clientId: string | null;
  /** Facts without personal data, secrets or tokens. */
  data: Readonly<Record<string, unknown>>;
}

/**
 * An insert that queues events for every webhook subscribed to them. The statement reads the list of webhooks itself,
 * so a process cannot use an outdated one; without webhooks, nothing is written. The events of an account are delivered
 * in the given order.
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
