import { errors } from 'oidc-provider';
import { AppError } from '../../errors/app-error.ts';
import { CATALOGUE, type ErrorCode } from '../../errors/catalogue.ts';

/** An expected failure of the domain as an error of the library: shown as OAuth `error` and `error_description`. */
export class ProtocolError extends errors.OIDCProviderError {
  readonly retryAfter: number | undefined;
  readonly appCode: ErrorCode;

  constructor(cause: AppError) {
    const { status, error, en } = CATALOGUE[cause.code];
    super(status, error);
    this.error_description = en;
    this.expose = true;
    this.retryAfter = cause.retryAfter;
    this.appCode = cause.code;
    this.cause = cause;
  }
}

/**
 * Runs domain code inside the library. A refusal becomes a `ProtocolError`; an outage (`UNAVAILABLE`) is rethrown
 * unchanged.
 */
export async function asProtocol<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError && error.code !== 'UNAVAILABLE') throw new ProtocolError(error);
    throw error;
  }
}
