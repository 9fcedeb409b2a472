import type { ErrorData } from '../page-data/page-data.ts';
import type { Translate } from './translations.ts';

/** The statuses whose text is clearer than that of the `error` value of the same response. */
const BY_STATUS: Readonly<Record<number, string>> = { 404: 'not_found', 429: 'too_many' };

/**
 * The key of the `error.*` messages that explain a failure: by code, by status, by `error` value, otherwise by client
 * or server error.
 */
export function errorWords(
  { code, status, error }: Pick<ErrorData, 'code' | 'status' | 'error'>,
  t: Translate,
): string {
  const own = `error.${code?.toLowerCase()}`;
  if (t.has(`${own}.title`)) return own;
  const name = BY_STATUS[status] ?? error;
  if (t.has(`error.${name}.title`)) return `error.${name}`;
  return status >= 500 ? 'error.server_error' : 'error.invalid_request';
}
