import { AppError } from '../../errors/app-error.ts';

const ID = /^[1-9]\d{0,14}$/;

/** The account ID in a path or a form. Throws `ACCOUNT_NOT_FOUND`. */
export function accountIn({ id = '' }: Readonly<Record<string, string | undefined>>): number {
  if (!ID.test(id)) throw new AppError('ACCOUNT_NOT_FOUND');
  return Number(id);
}
