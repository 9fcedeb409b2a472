import { AppError } from '../errors/app-error.ts';
import type { ErrorCode } from '../errors/catalogue.ts';

const UNIQUE_VIOLATION = '23505';

/** The errors that callers get for violated unique indexes. */
const MEANING: Record<string, { code: ErrorCode; field: string }> = {
  accounts_national_id: { code: 'NATIONAL_ID_TAKEN', field: 'nationalId' },
  accounts_external_id: { code: 'EXTERNAL_ID_TAKEN', field: 'externalId' },
  contacts_once_an_account: { code: 'CONTACT_TAKEN', field: 'contact' },
  contacts_verified: { code: 'CONTACT_TAKEN', field: 'contact' },
  bindings_external_id: { code: 'BINDING_TAKEN', field: 'externalId' },
  passkeys_credential_id_key: { code: 'PASSKEY_TAKEN', field: 'credential' },
  clients_pkey: { code: 'CLIENT_TAKEN', field: 'clientId' },
  clients_number: { code: 'CLIENT_TAKEN', field: 'number' },
};

/** The name of the unique constraint that `error` reports as violated, if it is such an error. */
export const uniqueConstraint = (error: unknown): string | undefined => {
  const { code, constraint } = (error ?? {}) as { code?: string; constraint?: string };
  return code === UNIQUE_VIOLATION ? constraint : undefined;
};

/** The catalogue's error for a violated unique index; undefined for any other error. */
export function violated(error: unknown): AppError | undefined {
  const meaning = MEANING[uniqueConstraint(error) ?? ''];
  return meaning && new AppError(meaning.code, { field: meaning.field, cause: error });
}
