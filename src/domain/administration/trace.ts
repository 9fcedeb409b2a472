import type { AuditEntry, AuditSearch } from '../audit/audit-search.ts';
import type { Outbox, QueuedMessage } from '../messages/outbox.ts';
import type { RefusedRequest, RefusedRequests } from '../refused-requests/refused-requests.ts';

/** The recorded effects of one request. */
export interface Trace {
  requestId: string;
  /** The refusal of the request; undefined if it was not refused, or is older than a week. */
  refusal: RefusedRequest | undefined;
  clientId: string | null;
  accountId: number | null;
  /** Oldest first. */
  events: AuditEntry[];
  messages: QueuedMessage[];
}

export interface Traces {
  /** Returns undefined if nothing is stored about the request. */
  of(requestId: string): Promise<Trace | undefined>;
}

interface Deps {
  auditSearch: Pick<AuditSearch, 'page'>;
  outbox: Pick<Outbox, 'ofRequest'>;
  refusedRequests: Pick<RefusedRequests, 'find'>;
}

/** More events than one request causes. */
const MOST = 200;

export const traces = ({ auditSearch, outbox, refusedRequests }: Deps): Traces => ({
  async of(requestId) {
    const [refusal, { data }, messages] = await Promise.all([
      refusedRequests.find(requestId),
      auditSearch.page({ requestId }, { limit: MOST }),
      outbox.ofRequest(requestId),
    ]);
    if (!refusal && data.length === 0 && messages.length === 0) return undefined;
    return {
      requestId,
      refusal,
      clientId: refusal?.clientId ?? data.find(({ clientId }) => clientId !== null)?.clientId ?? null,
      accountId:
        data.find(({ accountId }) => accountId !== null)?.accountId ??
        messages.find(({ accountId }) => accountId !== null)?.accountId ??
        null,
      events: data.toReversed(),
      messages,
    };
  },
});
