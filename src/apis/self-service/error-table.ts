import type { ErrorCode } from '../../errors/catalogue.ts';
import { COMMON, ELSEWHERE, type ErrorTable, IN_EVERY_API, IN_NO_CUSTOMER_API } from '../error-table.ts';

interface Own {
  /** The name of the error on the wire. */
  error?: string;
  /** The status, if it differs from that of the catalogue. */
  status?: number;
  /** The member at fault, if the domain names none or has one name for two members. */
  member?: string;
  /** The code that it is presented as, because the account of the token no longer exists. */
  as?: ErrorCode;
}

/** The common rule: the code in lower case as the name, with status and English text of the catalogue. */
export const ERRORS: ErrorTable<Own> = {
  ...IN_EVERY_API,
  ...IN_NO_CUSTOMER_API,
  BAD_REQUEST: { error: 'invalid_request' },
  INVALID_CHARACTER: COMMON,
  INVALID_MOBILE: COMMON,
  INVALID_EMAIL: COMMON,
  INVALID_NATIONAL_ID: ELSEWHERE,
  INVALID_BIRTH_DATE: ELSEWHERE,
  INVALID_LOCATION: ELSEWHERE,
  INVALID_NAME: COMMON,
  INVALID_TEXT: COMMON,
  INVALID_USERNAME: COMMON,
  INVALID_WEB_ADDRESS: COMMON,
  INVALID_PHONE: COMMON,
  INVALID_COUNTRY: COMMON,
  UNKNOWN_TOPIC: COMMON,
  VALUE_MISSING: COMMON,
  NOT_CHANGEABLE: COMMON,
  PASSWORDS_DIFFER: COMMON,
  PASSWORD_TOO_SHORT: COMMON,
  PASSWORD_TOO_LONG: COMMON,
  PASSWORD_TOO_COMMON: COMMON,
  PASSWORD_BREACHED: COMMON,
  PASSWORD_IS_PERSONAL: COMMON,
  CODE_WRONG: { member: 'otpNumber' },
  RESET_CODE_INVALID: { error: 'invalid_code', member: 'code' },
  ACTIVATION_INVALID: { error: 'invalid_secret' },
  INVALID_RESET_URI: COMMON,
  INVALID_ACTIVATE_URI: COMMON,
  LINK_INVALID: { error: 'invalid_key', member: 'key' },
  PASSWORD_MISSING: COMMON,
  PASSWORD_WRONG: COMMON,
  FILE_MISSING: ELSEWHERE,
  INVALID_CREDENTIALS: { status: 401 },
  SECOND_FACTOR_REQUIRED: { error: 'interaction_required' },
  FACEBOOK_OFF: ELSEWHERE,
  FACEBOOK_REFUSED: ELSEWHERE,
  FACEBOOK_UNKNOWN: ELSEWHERE,
  INVALID_TOKEN: COMMON,
  INSUFFICIENT_SCOPE: COMMON,
  INSUFFICIENT_USER_AUTHENTICATION: ELSEWHERE,
  CLIENT_REFUSED: ELSEWHERE,
  API_KEY_REFUSED: ELSEWHERE,
  CLIENT_NOT_PERMITTED: ELSEWHERE,
  ACCOUNT_NOT_FOUND: { as: 'INVALID_TOKEN' },
  OPERATOR_NOT_FOUND: COMMON,
  OPERATOR_PROTECTED: COMMON,
  LAST_ADMIN: COMMON,
  CONTACT_TAKEN: COMMON,
  NATIONAL_ID_TAKEN: COMMON,
  BINDING_TAKEN: COMMON,
  ACCOUNT_DELETED: { as: 'INVALID_TOKEN' },
  BODY_TOO_LARGE: COMMON,
  IMAGE_TOO_LARGE: ELSEWHERE,
  IMAGE_TOO_MANY_PIXELS: ELSEWHERE,
  UNSUPPORTED_MEDIA_TYPE: COMMON,
  IMAGE_TYPE_UNKNOWN: ELSEWHERE,
  IMAGE_BROKEN: ELSEWHERE,
  SMS_UNAVAILABLE: COMMON,
  MAIL_UNAVAILABLE: COMMON,
};
