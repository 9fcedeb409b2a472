import type { Context } from 'koa';
import { AppError } from '../../errors/app-error.ts';
import { CATALOGUE, type ErrorCode } from '../../errors/catalogue.ts';
import type { Finding } from '../api.ts';
import { ownEntry } from '../error-table.ts';
import { ERRORS } from './error-table.ts';
import { platformModule } from './wire.ts';

type Problem = Finding['problem'] | 'doubled' | 'malformed';

const PROBLEM_TEXTS: Readonly<Record<Problem, string>> = {
  required: 'is required',
  doubled: 'is given twice',
  malformed: 'is malformed',
  type: 'has the wrong type',
  length: 'has the wrong length',
  format: 'is malformed',
  unknown: 'is unknown',
};

/** An invalid header, parameter or member. */
export class BadInput extends AppError {
  constructor(field: string, problem: Problem) {
    super('BAD_REQUEST', { field });
    this.message = `${field} ${PROBLEM_TEXTS[problem]}`;
  }
}

/** Returns an error for the first problem that the contract found. */
export function refuse(findings: readonly Finding[]): AppError {
  const [first] = findings;
  return first ? new BadInput(first.field, first.problem) : new AppError('BAD_REQUEST');
}

/** The code of a failure; its first three digits are the HTTP status. */
const codeOf = (code: ErrorCode): number => ownEntry(ERRORS, code)?.code ?? CATALOGUE[code].status * 100 + 1;

interface Failure {
  code: ErrorCode;
  message: string;
  /** Seconds. */
  retryAfter?: number | undefined;
}

/** Writes the error body of the Partners API, with its status. */
export function presentFailure(ctx: Context, { code, message, retryAfter }: Failure): void {
  const number = codeOf(code);
  ctx.status = Math.floor(number / 100);
  if (retryAfter !== undefined) ctx.set('Retry-After', String(retryAfter));
  ctx.body = { code: number, message, platform_module: platformModule(ctx.path) };
}

/** The names in this API of fields of the domain. */
const MEMBERS: Readonly<Record<string, string>> = { externalId: 'external_id' };

/** Writes an error in the format of the API. Rethrows failures of the server to the error boundary, which logs them. */
export function presentError(ctx: Context, error: unknown): void {
  if (!(error instanceof AppError) || error.status >= 500) throw error;
  const { code, field, message, retryAfter } = error;
  const named =
    field === undefined || error instanceof BadInput ? message : `${MEMBERS[field] ?? field}: ${message}`;
  presentFailure(ctx, { code, message: named, retryAfter });
}
