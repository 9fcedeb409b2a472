import type { ErasedBy } from '../../domain/erasure-receipts/erasure-receipt.ts';
import type { ConsoleFrame } from './console-frame.ts';
import type { Moment } from './moment.ts';

export interface ShownEvent {
  at: Moment;
  event: string;
  reason: string | null;
  accountId: number | null;
  clientId: string | null;
  actor: string | null;
  requestId: string | null;
  /** For a lock. */
  lockedUntil: Moment | null;
  details: readonly { name: string; value: string }[];
}

/** A sequence of events of one kind. */
export interface ShownEventGroup extends Omit<ShownEvent, 'accountId'> {
  /** `at` is the time of the last event. `from` and `until` have no day if both are on the same day. */
  from: Moment;
  until: Moment;
  count: number;
  networks: number;
}

/** Filters of the audit log, as typed. */
export type AuditFields = Readonly<
  Record<'account' | 'client' | 'actor' | 'event' | 'request_id' | 'since' | 'until', string>
>;

export interface ConsoleAuditData extends ConsoleFrame {
  events: readonly ShownEvent[];
  /** The query of the next page; null at the end. */
  next: string | null;
  typed: AuditFields;
}

export interface ShownMessage {
  id: string;
  channel: string;
  kind: string;
  state: 'waiting' | 'sent' | 'dropped';
  accountId: number | null;
  requestId: string | null;
  createdAt: Moment;
  endedAt: Moment | null;
  attempts: number;
  lastError: string | null;
}

export interface ConsoleMessagesData extends ConsoleFrame {
  messages: readonly ShownMessage[];
  state: ShownMessage['state'] | null;
  next: string | null;
}

export interface ConsoleTraceData extends ConsoleFrame {
  typed: string;
  /** Undefined before a search. Null if nothing is stored about the request. */
  trace:
    | {
        requestId: string;
        refusal: {
          at: Moment;
          method: string;
          route: string;
          status: number;
          error: string | null;
          reason: string | null;
        } | null;
        clientId: string | null;
        accountId: number | null;
        events: readonly ShownEvent[];
        messages: readonly ShownMessage[];
      }
    | null
    | undefined;
}

interface ShownReceipt {
  id: string;
  at: Moment;
  erasedBy: ErasedBy;
}

export interface ConsoleReceiptsData extends ConsoleFrame {
  receipts: readonly ShownReceipt[];
  next: string | null;
  /** The receipt to verify. */
  typed: string;
  /** Undefined if nothing was typed. Null if the receipt was not issued by this server. */
  verified: (ShownReceipt & { tables: readonly { table: string; rows: number }[] }) | null | undefined;
}
