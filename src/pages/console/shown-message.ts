import type { QueuedMessage } from '../../domain/messages/outbox.ts';
import type { ShownMessage } from '../page-data/console-audit-data.ts';
import type { Moment } from '../page-data/moment.ts';

/** A message as shown to operators: its status, but never its text or recipient. */
export function shownMessage(message: QueuedMessage, written: (time: Date) => Moment): ShownMessage {
  const { sentAt, droppedAt } = message;
  const endedAt = sentAt ?? droppedAt;
  return {
    id: message.id,
    channel: message.channel,
    kind: message.kind,
    state: (sentAt && 'sent') || (droppedAt && 'dropped') || 'waiting',
    accountId: message.accountId,
    requestId: message.requestId,
    createdAt: written(message.createdAt),
    endedAt: endedAt && written(endedAt),
    attempts: message.attempts,
    lastError: message.lastError,
  };
}
