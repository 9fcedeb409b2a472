import type { IncomingMessage } from 'node:http';

/** The paths for the import of accounts: in the Admin API, and for an upload in the console. */
export const IMPORT_PATHS = { api: '/admin/v1/accounts/import', console: '/console/import' } as const;

const LONG: ReadonlySet<string> = new Set(Object.values(IMPORT_PATHS));

/** Whether the body of a request may have any length and take any time. */
export const isLong = ({ url = '' }: Pick<IncomingMessage, 'url'>): boolean =>
  LONG.has(url.split('?', 1)[0] ?? '');
