import type { Command } from 'commander';
import { fields, table } from '../kit/answer.ts';
import { CommandError } from '../kit/failure.ts';
import { type Setting, subcommand, working } from '../kit/subcommand.ts';
import { shownEvent, timeline } from '../kit/timeline.ts';

/** `pratu trace`: shows the events of a request, regardless of the process that served it. */
export const traceCommand = (setting: Setting): Command =>
  subcommand({
    name: 'trace <request>',
    description: 'shows what happened in a request, by the ID on its error page or in X-Request-Id',
    example: 'trace 5d41402abc4b2a76b9719d911017c592',
  }).action(
    working(setting, async ({ domain }, requestId: string) => {
      const trace = await domain.traces.of(requestId.trim().toLowerCase());
      if (!trace) {
        throw new CommandError(
          'Nothing is known of this request. It was not refused, is older than seven days, or the ID is wrong.',
        );
      }
      const { refusal, clientId, accountId, events, messages } = trace;
      const summary = {
        request_id: trace.requestId,
        at: refusal?.at ?? events[0]?.at ?? null,
        method: refusal?.method ?? null,
        route: refusal?.route ?? null,
        status: refusal?.status ?? null,
        error: refusal?.error ?? null,
        reason: refusal?.reason ?? null,
        client_id: clientId,
        account_id: accountId,
      };
      const shownMessages = messages.map(
        ({ id, channel, kind, createdAt, sentAt, droppedAt, attempts, lastError }) => ({
          id,
          channel,
          kind,
          state: sentAt ? 'sent' : droppedAt ? 'dropped' : 'waiting',
          created_at: createdAt,
          attempts,
          last_error: lastError,
        }),
      );
      const parts = [
        fields(summary),
        ...(events.length > 0 ? [timeline(events)] : []),
        ...(shownMessages.length > 0
          ? [
              table(
                ['message', 'channel', 'kind', 'state', 'queued', 'attempts', 'last error'],
                shownMessages.map((message) => Object.values(message)),
              ),
            ]
          : []),
      ];
      return {
        data: { ...summary, events: events.map(shownEvent), messages: shownMessages },
        text: parts.join('\n\n'),
      };
    }),
  );
