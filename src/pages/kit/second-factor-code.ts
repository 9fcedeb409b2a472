import { AppError } from '../../errors/app-error.ts';
import { FormRefused } from './form-errors.ts';

/** Says of a wrong code what helps with an authenticator app: nobody can request another one. */
export async function explainWrongCode<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError && error.code === 'CODE_WRONG')
      throw new FormRefused([{ field: 'code', code: 'SECOND_FACTOR_WRONG' }]);
    throw error;
  }
}
