import type { Middleware } from 'koa';
import type { Trace, Traces } from '../../domain/administration/trace.ts';
import type { ConsoleTraceData } from '../page-data/console-audit-data.ts';
import { momentWriter } from '../page-data/moment.ts';
import { type ConsoleArea, consolePage } from './console-page.ts';
import { shownEvent } from './shown-event.ts';
import { shownMessage } from './shown-message.ts';

interface Deps {
  traces: Traces;
  timeZone: string;
}

/** `/console/trace`: the events of a request, by the ID that its error page shows. */
export const tracePage = (area: ConsoleArea, { traces, timeZone }: Deps): Middleware => {
  const written = momentWriter(timeZone);

  function shown({
    requestId,
    refusal,
    clientId,
    accountId,
    events,
    messages,
  }: Trace): ConsoleTraceData['trace'] {
    return {
      requestId,
      refusal: refusal
        ? {
            at: written(refusal.at),
            method: refusal.method,
            route: refusal.route,
            status: refusal.status,
            error: refusal.error,
            reason: refusal.reason,
          }
        : null,
      ...{ clientId, accountId },
      events: events.map((entry) => shownEvent(entry, written)),
      messages: messages.map((message) => shownMessage(message, written)),
    };
  }

  return consolePage(area, {
    name: 'console/trace',
    path: '/console/trace',
    scope: 'admin:audit:read',
    async load({ query }) {
      const typed = query.request_id?.trim().toLowerCase() ?? '';
      if (typed === '') return { typed, trace: undefined };
      const trace = await traces.of(typed);
      return { typed, trace: trace ? shown(trace) : null };
    },
  });
};
