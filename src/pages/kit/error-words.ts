import type { ErrorData } from '../page-data/page-data.ts';
import type { Translate } from './translations.ts';

/** Statuses whose words are clearer than those of the `error` word that comes with them. */
const BY_STATUS: Readonly<Record<number, string>> = { 404: 'not_found', 429: 'too_many' };

/** Which `error.*` words tell a person what happened: by code, by status, by word, else by whose fault it is. */
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
