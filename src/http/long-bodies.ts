import type { IncomingMessage } from 'node:http';

/** Where accounts are imported: over the Admin API, and by an upload in the console. */
export const IMPORT_PATHS = { api: '/admin/v1/accounts/import', console: '/console/import' } as const;

const LONG: ReadonlySet<string> = new Set(Object.values(IMPORT_PATHS));

/** Whether the body of a request has any length and takes any time. */
export const isLong = ({ url = '' }: Pick<IncomingMessage, 'url'>): boolean =>
  LONG.has(url.split('?', 1)[0] ?? '');
