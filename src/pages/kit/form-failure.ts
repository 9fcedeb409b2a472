import type { Context } from 'koa';
import { AppError } from '../../errors/app-error.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { Violations } from '../../errors/violations.ts';
import type { FormError, FormField } from '../page-data/page-data.ts';

/** What the policy has against a new password: said beside its field. */
const ABOUT_PASSWORD: readonly ErrorCode[] = [
  'PASSWORD_TOO_SHORT',
  'PASSWORD_TOO_LONG',
  'PASSWORD_TOO_COMMON',
  'PASSWORD_IS_PERSONAL',
];

export interface FormFailure {
  status: number;
  errors: FormError[];
}

/** A code that was mistyped is typed again; one that has no try left, or is over, makes room for another. */
export const wrongCode = ({ triesLeft }: AppError): FormError => ({
  field: 'code',
  ...(triesLeft > 0 ? { code: 'CODE_TRY_AGAIN', triesLeft } : { code: 'CODE_WRONG' }),
});

/**
 * A failure that its person can put right in the form that was sent: about the new password, about one of `fields` (by
 * what the domain calls it), or one of `whole`, which concern all of the form. Any other is thrown on, for the error
 * page. `Retry-After` is set where there is a time to wait.
 */
export function formFailure(
  ctx: Context,
  error: unknown,
  whole: readonly ErrorCode[],
  fields: readonly FormField[] = [],
): FormFailure {
  if (!(error instanceof AppError)) throw error;
  const said = error instanceof Violations ? error.list : [error];
  const errors = said.map(({ code, field: named }): FormError => {
    if (code === 'CODE_WRONG' && whole.includes(code)) return wrongCode(error);
    if (ABOUT_PASSWORD.includes(code)) return { field: 'password', code };
    const field = fields.find((one) => one === named);
    if (field !== undefined) return { field, code };
    if (whole.includes(code)) return { code, retryAfter: error.retryAfter };
    throw error;
  });
  if (error.retryAfter !== undefined) ctx.set('Retry-After', String(error.retryAfter));
  return { status: error.status, errors };
}

/** The fields that are empty, each with what is said of it. */
export const emptyFields = (
  form: Readonly<Record<string, string>>,
  required: readonly (FormError & { field: string })[],
): FormError[] => required.filter(({ field }) => !form[field]?.trim());
