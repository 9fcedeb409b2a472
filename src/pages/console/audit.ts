import type { Middleware } from 'koa';
import type { AuditFilter, AuditSearch } from '../../domain/audit/audit-search.ts';
import { AppError } from '../../errors/app-error.ts';
import type { AuditFields } from '../page-data/console-audit-data.ts';
import { momentWriter } from '../page-data/moment.ts';
import { type ConsoleArea, consolePage } from './console-page.ts';
import { shownEvent } from './shown-event.ts';

interface Deps {
  auditSearch: Pick<AuditSearch, 'page'>;
  timeZone: string;
  /** Parses a day and time as typed into `datetime-local`, in the time zone of the deployment. */
  readTime: (typed: string) => Date | undefined;
}

const PATH = '/console/audit';
const ON_PAGE = 15;
const FIELDS = ['account', 'client', 'actor', 'event', 'request_id', 'since', 'until'] as const;

/** `/console/audit`: the audit log, newest first, with its filters. */
export const auditPage = (area: ConsoleArea, { auditSearch, timeZone, readTime }: Deps): Middleware => {
  const written = momentWriter(timeZone);
  return consolePage(area, {
    name: 'console/audit',
    path: PATH,
    scope: 'admin:audit:read',
    async load({ query }) {
      const typed = Object.fromEntries(
        FIELDS.map((name) => [name, query[name]?.trim() ?? '']),
      ) as AuditFields;
      const text = (name: (typeof FIELDS)[number]) => typed[name] || undefined;
      const timeIn = (name: 'since' | 'until'): Date | undefined => {
        const time = readTime(typed[name]);
        if (typed[name] !== '' && !time) throw new AppError('BAD_REQUEST', { field: name });
        return time;
      };
      const filter: AuditFilter = {
        // an account that is not a number matches nothing
        accountId:
          typed.account === '' ? undefined : /^\d{1,15}$/.test(typed.account) ? Number(typed.account) : -1,
        clientId: text('client'),
        actor: text('actor'),
        event: text('event'),
        requestId: text('request_id'),
        since: timeIn('since'),
        until: timeIn('until'),
      };
      const found = await auditSearch.page(filter, { limit: ON_PAGE, after: query.after || undefined });
      const { next } = found;
      const more = new URLSearchParams(Object.entries(typed).filter(([, value]) => value !== ''));
      if (next !== null) more.set('after', next);
      return {
        events: found.data.map((entry) => shownEvent(entry, written)),
        next: next === null ? null : `?${more}`,
        typed,
      };
    },
  });
};
