import type { Lookup, Lookups } from '../../domain/partners/lookups.ts';
import { operation } from '../api.ts';
import type { Caller } from './authenticate.ts';
import { json } from './exchange.ts';

const entryOf = ({ at, clientId, clientName, purpose, found }: Lookup) => ({
  at: at.toISOString(),
  client_id: clientId,
  client_name: clientName,
  purpose,
  found,
});

/** The partners that looked up the customer's account. */
export function lookupOperations({ lookups }: { lookups: Lookups }) {
  return [
    operation<Caller, undefined, Lookup[]>({
      id: 'listLookups',
      method: 'get',
      path: '/customers/self/lookups',
      read: () => undefined,
      run: (_input, caller) => lookups.of(caller.accountId),
      write: (ctx, list) => json(ctx, { lookups: list.map(entryOf) }),
    }),
  ];
}
