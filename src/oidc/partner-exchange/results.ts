import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Reason } from '../../errors/reasons.ts';

/** The values of `res_code` for partners, with the `res_message` of each. */
export const RESULTS = {
  '000': 'Success.',
  '101': 'A parameter is missing or not valid.',
  '102': 'The client is not known by this id and secret.',
  '103': 'The authorization code is not valid.',
  '104': 'The mobile number is not valid.',
  '105': 'The timestamp is out of range.',
  '429': 'Too many requests.',
  '503': 'The service is not available.',
  '999': 'System error.',
} as const;

export type Result = keyof typeof RESULTS;

/** The reasons of refusals in the audit trail. */
export const REASON_OF: Readonly<Record<Exclude<Result, '000'>, Reason>> = {
  '101': 'invalid_request',
  '102': 'client_not_authenticated',
  '103': 'wrong_code',
  '104': 'wrong_mobile',
  '105': 'wrong_timestamp',
  '429': 'locked',
  '503': 'unavailable',
  '999': 'unavailable',
};

const BY_CODE: Partial<Record<ErrorCode, Result>> = {
  MOBILE_NOT_OF_ACCOUNT: '104',
  TIMESTAMP_TOO_FAR: '105',
};
const BY_STATUS: Readonly<Record<number, Result>> = { 429: '429', 503: '503' };
const BY_ERROR: Readonly<Record<string, Result>> = {
  invalid_client: '102',
  unauthorized_client: '102',
  invalid_grant: '103',
};

/**
 * Returns the result for an OAuth error. An error that is neither the server's nor the client's is one of a parameter.
 */
export function resultOf(failure: {
  status: number;
  error: string;
  code?: ErrorCode | undefined;
}): Exclude<Result, '000'> {
  const { status, error, code } = failure;
  const result = (code && BY_CODE[code]) ?? BY_STATUS[status] ?? (status >= 500 ? '999' : BY_ERROR[error]);
  return (result ?? '101') as Exclude<Result, '000'>;
}
