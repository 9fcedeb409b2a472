import { AppError } from '../../errors/app-error.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { Violations } from '../../errors/violations.ts';
import type { FormError, FormField } from '../page-data/page-data.ts';

/** The fields of a form as they were sent. */
export type Sent = Readonly<Record<string, string>>;

/** What a page itself has against a form that was sent to it. */
export class FormRefused extends Error {
  readonly errors: readonly FormError[];

  constructor(errors: readonly FormError[]) {
    super('form rejected');
    this.name = 'FormRefused';
    this.errors = errors;
  }
}

/** Throws `FormRefused` when there is something to complain of. */
export function refuseIf(errors: readonly FormError[]): void {
  if (errors.length > 0) throw new FormRefused(errors);
}

/** The fields that are empty, each with what is said of it. */
export const emptyFields = (form: Sent, required: readonly (FormError & { field: string })[]): FormError[] =>
  required.filter(({ field }) => !form[field]?.trim());

/**
 * Failures that a person can put right in the form that was sent, with the fields that each may be about: none where it
 * is the form as a whole, of several the one that the domain names. Any other is for the error page.
 */
const FIELDS: { readonly [Code in ErrorCode]?: readonly FormField[] } = {
  TOO_MANY_ATTEMPTS: [],
  INVALID_CREDENTIALS: [],
  ONLY_WAY_TO_SIGN_IN: [],
  PASSKEY_REJECTED: [],
  PASSKEY_UNKNOWN: [],
  PASSKEY_TAKEN: [],
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

/** What a password policy says is explained by every form that has a new password. */
const isAboutPassword = (code: ErrorCode): boolean => FIELDS[code]?.[0] === 'password';

/** What a rule of registrations says, after the words that the form has in the language of its reader. */
const ruleIn = (message: string): string => message.replace(/^The client's metadata is not valid: /, '');

export interface FormFailure {
  status: number;
  errors: readonly FormError[];
  /** Seconds. */
  retryAfter?: number | undefined;
  /** The failure in one word; undefined for what the page itself found. */
  reason?: ErrorCode | undefined;
}

type Failed = Readonly<{ code: ErrorCode; field: string | undefined }>;

/** The field that is pointed at: only one that the form has. */
function fieldOf({ code, field: named }: Failed, sent: Sent | undefined): FormField | undefined {
  const fields = FIELDS[code] ?? [];
  const field = fields.length > 1 ? fields.find((one) => one === named) : fields[0];
  return field !== undefined && sent && !(field in sent) ? undefined : field;
}

/** A code that was mistyped is typed again; one that has no try left, or is over, makes room for another. */
const wrongCode = ({ triesLeft }: AppError): FormError => ({
  field: 'code',
  ...(triesLeft > 0 ? { code: 'CODE_TRY_AGAIN', triesLeft } : { code: 'CODE_WRONG' }),
});

/**
 * What to show of a failure in the form that it came from, as far as that could be read. Throws the failure itself when
 * the form cannot explain it; `explains` limits that to some codes and to what concerns a new password.
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
