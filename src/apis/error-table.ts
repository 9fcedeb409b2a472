import type { ErrorCode } from '../errors/catalogue.ts';

/** Presented by the common rule of the API, from the code and its entry in the catalogue alone. */
export const COMMON: unique symbol = Symbol('common');
/**
 * No operation of the API fails with it. `test/apis/error-tables.test.ts` compares this with the errors that the code
 * can reach.
 */
export const ELSEWHERE: unique symbol = Symbol('elsewhere');

/**
 * The presentation of every code of the catalogue in an API. A new code does not compile until it is in one of the two
 * groups below or in the table of each API.
 */
export type ErrorTable<Own> = Readonly<Record<ErrorCode, Own | typeof COMMON | typeof ELSEWHERE>>;

/** Presented by the common rule of each API. */
export const IN_EVERY_API = {
  DPOP_NOT_SUPPORTED: COMMON,
  NOT_FOUND: COMMON,
  METHOD_NOT_ALLOWED: COMMON,
  CLIENT_NOT_FOUND: COMMON,
  CLIENT_TAKEN: COMMON,
  PASSKEY_TAKEN: COMMON,
  EXTERNAL_ID_TAKEN: COMMON,
  MISDIRECTED: COMMON,
  TOO_MANY_ATTEMPTS: COMMON,
  UNAVAILABLE: COMMON,
  INTERNAL: COMMON,
} as const;

/** Codes that only pages, imports, the command and the Admin API use. */
export const IN_NO_CUSTOMER_API = {
  INVALID_EXTERNAL_ID: ELSEWHERE,
  INVALID_CARD_NUMBER: ELSEWHERE,
  INVALID_CURSOR: ELSEWHERE,
  PREFIX_TOO_SHORT: ELSEWHERE,
  PRECONDITION_FAILED: ELSEWHERE,
  CONTACT_NOT_FOUND: ELSEWHERE,
  INVALID_CLIENT_METADATA: ELSEWHERE,
  UNKNOWN_ROLE: ELSEWHERE,
  ROLE_NOT_ASSIGNED: ELSEWHERE,
  MESSAGE_NOT_FOUND: ELSEWHERE,
  MESSAGE_EMPTIED: ELSEWHERE,
  WEBHOOK_NOT_FOUND: ELSEWHERE,
  DELIVERY_NOT_FOUND: ELSEWHERE,
  WEBHOOK_TAKEN: ELSEWHERE,
  WEBHOOK_DISABLED: ELSEWHERE,
  TOO_MANY_WEBHOOKS: ELSEWHERE,
  INVALID_WEBHOOK_URL: ELSEWHERE,
  WEBHOOK_URL_REFUSED: ELSEWHERE,
  UNKNOWN_WEBHOOK_EVENT: ELSEWHERE,
  UNKNOWN_WEBHOOK_INCLUDE: ELSEWHERE,
  UPSTREAM_NOT_FOUND: ELSEWHERE,
  UPSTREAM_TAKEN: ELSEWHERE,
  UPSTREAM_FACEBOOK_TAKEN: ELSEWHERE,
  UPSTREAM_IN_FILE: ELSEWHERE,
  UPSTREAM_LINKED: ELSEWHERE,
  INVALID_UPSTREAM_ID: ELSEWHERE,
  INVALID_UPSTREAM_KIND: ELSEWHERE,
  INVALID_ISSUER: ELSEWHERE,
  INVALID_PRIVATE_KEY: ELSEWHERE,
  FACEBOOK_APP_DIFFERS: ELSEWHERE,
  IDEMPOTENCY_KEY_REUSED: ELSEWHERE,
  TIMESTAMP_TOO_FAR: ELSEWHERE,
  MOBILE_NOT_OF_ACCOUNT: ELSEWHERE,
  FORM_NOT_OURS: ELSEWHERE,
  INTERACTION_EXPIRED: ELSEWHERE,
  STATE_TOO_LONG: ELSEWHERE,
  INVALID_PASSWORD_HASH: ELSEWHERE,
  PASSWORD_HASH_TOO_EXPENSIVE: ELSEWHERE,
  PASSWORD_HASH_NOT_CONFIGURED: ELSEWHERE,
  INVALID_ROW: ELSEWHERE,
  UNKNOWN_MEMBER: ELSEWHERE,
  INVALID_VALUE: ELSEWHERE,
  IDENTIFIER_MISSING: ELSEWHERE,
  ONLY_WAY_TO_SIGN_IN: ELSEWHERE,
  PASSKEY_REJECTED: ELSEWHERE,
  PASSKEY_UNKNOWN: ELSEWHERE,
  UPSTREAM_DENIED: ELSEWHERE,
  UPSTREAM_INVALID: ELSEWHERE,
  UPSTREAM_UNAVAILABLE: ELSEWHERE,
} as const;

/** Returns the entry for a code in this API; undefined if the common rule applies. */
export function ownEntry<Own extends object>(table: ErrorTable<Own>, code: ErrorCode): Own | undefined {
  const entry = table[code];
  return typeof entry === 'symbol' ? undefined : (entry as Own);
}
