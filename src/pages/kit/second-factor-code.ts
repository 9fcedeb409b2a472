import { AppError } from '../../errors/app-error.ts';
import { FormRefused } from './form-errors.ts';

/** Replaces the error for a wrong code of an app, or a wrong recovery code, because no other code can be requested. */
export async function explainWrongCode<T>(
  work: Promise<T>,
  words: 'SECOND_FACTOR_WRONG' | 'RECOVERY_CODE_WRONG' = 'SECOND_FACTOR_WRONG',
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError && error.code === 'CODE_WRONG')
      throw new FormRefused([{ field: 'code', code: words }]);
    throw error;
  }
}
