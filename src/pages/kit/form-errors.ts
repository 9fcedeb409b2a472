import { AppError } from '../../errors/app-error.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { Violations } from '../../errors/violations.ts';
import type { FormError, FormField } from '../page-data/page-data.ts';

/** The fields of a form as submitted. */
export type Sent = Readonly<Record<string, string>>;

/** The errors that a page finds in a submitted form. */
export class FormRefused extends Error {
  readonly errors: readonly FormError[];

  constructor(errors: readonly FormError[]) {
    super('form rejected');
    this.name = 'FormRefused';
    this.errors = errors;
  }
}

/** Throws `FormRefused` if there are errors. */
export function refuseIf(errors: readonly FormError[]): void {
  if (errors.length > 0) throw new FormRefused(errors);
}

/** The errors of the required fields that are empty. */
export const emptyFields = (form: Sent, required: readonly (FormError & { field: string })[]): FormError[] =>
  required.filter(({ field }) => !form[field]?.trim());

/**
 * The failures that a person can correct in the submitted form, with the fields that each may concern. An empty list
 * means the whole form. Of several fields, the one that the domain names applies. Any other failure is shown on the
 * error page.
 */
const FIELDS: { readonly [Code in ErrorCode]?: readonly FormField[] } = {
  TOO_MANY_ATTEMPTS: [],
  INVALID_CREDENTIALS: [],
  ONLY_WAY_TO_SIGN_IN: [],
  PASSKEY_REJECTED: [],
  PASSKEY_UNKNOWN: [],
  PASSKEY_TAKEN: [],
  OPERATOR_PROTECTED: [],
  LAST_ADMIN: [],
  PRECONDITION_FAILED: [],
  MESSAGE_EMPTIED: [],
  CONTACT_NOT_FOUND: [],
  UNKNOWN_ROLE: [],
  ROLE_NOT_ASSIGNED: [],
  IDENTIFIER_MISSING: [],
  INVALID_TEXT: ['reason', 'more', 'locale', 'nickname'],
  INVALID_USERNAME: ['preferred_username'],
  INVALID_WEB_ADDRESS: ['profile', 'website'],
  INVALID_NAME: ['given_name', 'family_name', 'middle_name'],
  INVALID_BIRTH_DATE: ['birthdate'],
  INVALID_EXTERNAL_ID: ['external_id'],
  EXTERNAL_ID_TAKEN: ['external_id'],
  CLIENT_TAKEN: ['client_id'],
  INVALID_CLIENT_METADATA: [
    'client_id',
    'client_name',
    'redirect_uris',
    'post_logout_redirect_uris',
    'grant_types',
    'scope',
    'token_endpoint_auth_method',
    'first_party',
    'fapi_profile',
    'more',
  ],
  SMS_UNAVAILABLE: [],
  MAIL_UNAVAILABLE: [],
  RESET_CODE_INVALID: [],
  CODE_WRONG: ['code'],
  CONTACT_TAKEN: ['email', 'mobile'],
  NATIONAL_ID_TAKEN: ['thaiId'],
  PASSWORD_WRONG: ['currentPassword'],
  PASSWORD_MISSING: ['currentPassword'],
  PASSWORD_TOO_SHORT: ['password'],
  PASSWORD_TOO_LONG: ['password'],
  PASSWORD_TOO_COMMON: ['password'],
  PASSWORD_BREACHED: ['password'],
  PASSWORD_IS_PERSONAL: ['password'],
  INVALID_EMAIL: ['email'],
  INVALID_MOBILE: ['mobile'],
  FILE_MISSING: ['file'],
  IMAGE_TOO_LARGE: ['file'],
  IMAGE_TOO_MANY_PIXELS: ['file'],
  IMAGE_TYPE_UNKNOWN: ['file'],
  IMAGE_BROKEN: ['file'],
};

/** Every form with a new password explains the errors of the password policy. */
const isAboutPassword = (code: ErrorCode): boolean => FIELDS[code]?.[0] === 'password';

/** The rule of client metadata without its prefix, to follow the form's own text in the language of the reader. */
const ruleIn = (message: string): string => message.replace(/^The client's metadata is not valid: /, '');

export interface FormFailure {
  status: number;
  errors: readonly FormError[];
  /** Seconds. */
  retryAfter?: number | undefined;
  /** The code of the failure. Undefined for errors that the page itself found. */
  reason?: ErrorCode | undefined;
}

type Failed = Readonly<{ code: ErrorCode; field: string | undefined }>;

/** The field that the error refers to, if the form has it. */
function fieldOf({ code, field: named }: Failed, sent: Sent | undefined): FormField | undefined {
  const fields = FIELDS[code] ?? [];
  const field = fields.length > 1 ? fields.find((one) => one === named) : fields[0];
  return field !== undefined && sent && !(field in sent) ? undefined : field;
}

/** A mistyped code is typed again. A code that has no attempts left, or has expired, must be replaced by a new one. */
const wrongCode = ({ triesLeft }: AppError): FormError => ({
  field: 'code',
  ...(triesLeft > 0 ? { code: 'CODE_TRY_AGAIN', triesLeft } : { code: 'CODE_WRONG' }),
});

/**
 * The errors to show in the form that caused a failure, as far as the form could be read. Throws the failure itself
 * when the form cannot explain it. `explains` limits the explained errors to some codes and those about a new
 * password.
 */
export function formFailure(error: unknown, sent?: Sent, explains?: readonly ErrorCode[]): FormFailure {
  if (error instanceof FormRefused) return { status: 400, errors: error.errors };
  if (!(error instanceof AppError)) throw error;
  const isExplained = (code: ErrorCode): boolean =>
    code in FIELDS && (!explains || explains.includes(code) || isAboutPassword(code));
  const found: readonly Failed[] = error instanceof Violations ? error.list : [error];
  const errors = found.map((one): FormError => {
    if (!isExplained(one.code)) throw error;
    if (one.code === 'CODE_WRONG') return wrongCode(error);
    const field = fieldOf(one, sent);
    const detail = one.code === 'INVALID_CLIENT_METADATA' ? ruleIn(error.message) : undefined;
    return {
      code: one.code,
      ...(field === undefined ? {} : { field }),
      ...(detail === undefined ? {} : { detail }),
    };
  });
  return { status: error.status, errors, retryAfter: error.retryAfter, reason: error.code };
}
