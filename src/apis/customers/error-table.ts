import { COMMON, ELSEWHERE, type ErrorTable, IN_EVERY_API, IN_NO_CUSTOMER_API } from '../error-table.ts';
import type { Member, ViolationKind } from './violation-codes.ts';

interface Own {
  /** The kind of violation, if the error is about a member of the request. */
  kind: ViolationKind;
  /** The member at fault, if the domain names none. */
  member?: Member;
  /** Set if the text of the kind is more informative than that of the catalogue, because the member is named. */
  kindText?: true;
}

/** The common rule: the OAuth error code of the catalogue with its status and text, in the caller's language. */
export const ERRORS: ErrorTable<Own> = {
  ...IN_EVERY_API,
  ...IN_NO_CUSTOMER_API,
  BAD_REQUEST: { kind: 'FMT' },
  INVALID_CHARACTER: { kind: 'FMT' },
  INVALID_MOBILE: { kind: 'FMT' },
  INVALID_EMAIL: { kind: 'FMT' },
  INVALID_NATIONAL_ID: { kind: 'FMT' },
  INVALID_BIRTH_DATE: { kind: 'FMT' },
  INVALID_LOCATION: ELSEWHERE,
  INVALID_NAME: { kind: 'FMT' },
  INVALID_TEXT: COMMON,
  INVALID_USERNAME: COMMON,
  INVALID_WEB_ADDRESS: COMMON,
  INVALID_PHONE: COMMON,
  INVALID_COUNTRY: COMMON,
  UNKNOWN_TOPIC: ELSEWHERE,
  VALUE_MISSING: ELSEWHERE,
  NOT_CHANGEABLE: ELSEWHERE,
  PASSWORDS_DIFFER: ELSEWHERE,
  PASSWORD_TOO_SHORT: { kind: 'PWD' },
  PASSWORD_TOO_LONG: { kind: 'PWD' },
  PASSWORD_TOO_COMMON: { kind: 'PWD' },
  PASSWORD_BREACHED: { kind: 'PWD' },
  PASSWORD_IS_PERSONAL: { kind: 'PWD' },
  CODE_WRONG: { kind: 'OTP', member: 'otpNumber' },
  RESET_CODE_INVALID: ELSEWHERE,
  ACTIVATION_INVALID: ELSEWHERE,
  INVALID_RESET_URI: ELSEWHERE,
  INVALID_ACTIVATE_URI: ELSEWHERE,
  LINK_INVALID: COMMON,
  PASSWORD_MISSING: { kind: 'REQ' },
  PASSWORD_WRONG: { kind: 'PWD' },
  FILE_MISSING: { kind: 'REQ', member: 'file' },
  INVALID_CREDENTIALS: COMMON,
  SECOND_FACTOR_REQUIRED: COMMON,
  FACEBOOK_OFF: ELSEWHERE,
  FACEBOOK_REFUSED: ELSEWHERE,
  FACEBOOK_UNKNOWN: ELSEWHERE,
  INVALID_TOKEN: COMMON,
  INSUFFICIENT_SCOPE: COMMON,
  INSUFFICIENT_USER_AUTHENTICATION: ELSEWHERE,
  CLIENT_REFUSED: ELSEWHERE,
  API_KEY_REFUSED: ELSEWHERE,
  CLIENT_NOT_PERMITTED: ELSEWHERE,
  ACCOUNT_NOT_FOUND: COMMON,
  OPERATOR_NOT_FOUND: COMMON,
  OPERATOR_PROTECTED: COMMON,
  LAST_ADMIN: COMMON,
  CONTACT_TAKEN: { kind: 'DUP', member: 'mobile', kindText: true },
  NATIONAL_ID_TAKEN: { kind: 'DUP', member: 'thaiId' },
  BINDING_TAKEN: COMMON,
  ACCOUNT_DELETED: COMMON,
  BODY_TOO_LARGE: { kind: 'SIZ' },
  IMAGE_TOO_LARGE: { kind: 'SIZ', member: 'file' },
  IMAGE_TOO_MANY_PIXELS: { kind: 'SIZ', member: 'file' },
  UNSUPPORTED_MEDIA_TYPE: { kind: 'FMT' },
  IMAGE_TYPE_UNKNOWN: { kind: 'FMT', member: 'file' },
  IMAGE_BROKEN: { kind: 'FMT', member: 'file' },
  SMS_UNAVAILABLE: COMMON,
  MAIL_UNAVAILABLE: COMMON,
};
