import type { Context } from 'koa';
import { AppError } from '../errors/app-error.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import type { FormError } from './page-data.ts';

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

/**
 * A failure that its person can put right in the form that was sent: about the new password, or one of `whole`, which
 * concern all of the form. Any other is thrown on, for the error page.
 */
export function formFailure(ctx: Context, error: unknown, whole: readonly ErrorCode[]): FormFailure {
  if (!(error instanceof AppError)) throw error;
  const { code, status, retryAfter } = error;
  const isAboutPassword = ABOUT_PASSWORD.includes(code);
  if (!isAboutPassword && !whole.includes(code)) throw error;
  if (retryAfter !== undefined) ctx.set('Retry-After', String(retryAfter));
  return { status, errors: [isAboutPassword ? { field: 'password', code } : { code }] };
}

/** The fields that are empty, each with what is said of it. */
export const emptyFields = (
  form: Readonly<Record<string, string>>,
  required: readonly (FormError & { field: string })[],
): FormError[] => required.filter(({ field }) => !form[field]?.trim());
