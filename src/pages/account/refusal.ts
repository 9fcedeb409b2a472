import { AppError } from '../../errors/app-error.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { Violations } from '../../errors/violations.ts';
import { wrongCode } from '../kit/form-failure.ts';
import type { FormError, FormField } from '../page-data/page-data.ts';

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

/**
 * Failures that a person can put right in the form that was sent, with the field that they are about; undefined
 * where it is the form as a whole. Any other is for the error page.
 */
const EXPLAINED: { readonly [Code in ErrorCode]?: FormField | undefined } = {
  TOO_MANY_ATTEMPTS: undefined,
  ONLY_WAY_TO_SIGN_IN: undefined,
  SMS_UNAVAILABLE: undefined,
  MAIL_UNAVAILABLE: undefined,
  PASSWORD_WRONG: 'currentPassword',
  PASSWORD_MISSING: 'currentPassword',
  PASSWORD_TOO_SHORT: 'password',
  PASSWORD_TOO_LONG: 'password',
  PASSWORD_TOO_COMMON: 'password',
  PASSWORD_IS_PERSONAL: 'password',
  INVALID_EMAIL: 'email',
  INVALID_MOBILE: 'mobile',
  FILE_MISSING: 'file',
  IMAGE_TOO_LARGE: 'file',
  IMAGE_TOO_MANY_PIXELS: 'file',
  IMAGE_TYPE_UNKNOWN: 'file',
  IMAGE_BROKEN: 'file',
};

export interface Refusal {
  status: number;
  errors: readonly FormError[];
  /** Seconds. */
  retryAfter?: number | undefined;
}

type Failed = Readonly<{ code: ErrorCode; field: string | undefined }>;

function rethrown(error: AppError): never {
  throw error;
}

function explained({ code, field }: Failed): FormError | undefined {
  if (code === 'CONTACT_TAKEN') return field === 'email' || field === 'mobile' ? { code, field } : { code };
  if (!(code in EXPLAINED)) return undefined;
  const about = EXPLAINED[code];
  return about === undefined ? { code } : { code, field: about };
}

/** Points at a field only where the form has it. */
const inForm = (sent: object | undefined, { field, ...rest }: FormError): FormError =>
  field === undefined || (sent && !(field in sent)) ? rest : { ...rest, field };

/**
 * What to show of a failure in the form that it came from, as far as that could be read. Throws the failure itself when
 * the form cannot explain it.
 */
export function refusalOf(error: unknown, sent?: Readonly<Record<string, string>>): Refusal {
  if (error instanceof FormRefused) return { status: 400, errors: error.errors };
  if (!(error instanceof AppError)) throw error;
  if (error.code === 'CODE_WRONG') return { status: error.status, errors: [inForm(sent, wrongCode(error))] };
  const found: readonly Failed[] = error instanceof Violations ? error.list : [error];
  const errors = found.map((one) => inForm(sent, explained(one) ?? rethrown(error)));
  return { status: error.status, errors, retryAfter: error.retryAfter };
}
