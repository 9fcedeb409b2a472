import type { Context } from 'koa';
import { AppError } from '../../errors/app-error.ts';
import { CATALOGUE, type ErrorCode } from '../../errors/catalogue.ts';
import { Violations } from '../../errors/violations.ts';
import { type PresentFailure, toFailure } from '../../http/errors.ts';
import type { Finding } from '../api.ts';
import { ownEntry } from '../error-table.ts';
import { ERRORS } from './error-table.ts';
import { memberOf } from './wire.ts';

/** The texts for problems that a contract finds in a member. */
const PROBLEMS: Readonly<Record<Finding['problem'], string>> = {
  required: 'This is required.',
  type: 'Invalid type.',
  length: 'This is too short or too long.',
  format: 'Invalid format.',
  unknown: 'Unknown member.',
};

/** Invalid members of a request, each with its problem. */
class WrongFields extends Error {
  readonly fields: Readonly<Record<string, string>>;

  constructor(fields: Readonly<Record<string, string>>) {
    super('wrong fields');
    this.fields = fields;
  }
}

/** Converts the findings of the contract into an error of this API. */
export function wrongFields(findings: readonly Finding[]): Error {
  // for a list, the member is reported, not the item in it
  const named = findings.map(({ field, problem }) => [field.split('.')[0] ?? field, PROBLEMS[problem]]);
  return new WrongFields(Object.fromEntries(named.reverse()));
}

interface Presented {
  status: number;
  error: string;
  message: string;
  fields?: Readonly<Record<string, string>>;
}

const ofInput = (fields: Readonly<Record<string, string>>): Presented => ({
  status: CATALOGUE.BAD_REQUEST.status,
  error: 'invalid_request',
  message: CATALOGUE.BAD_REQUEST.en,
  fields,
});

const errorNameOf = (code: ErrorCode): string => ownEntry(ERRORS, code)?.error ?? code.toLowerCase();

function ofFailure({ code, field }: AppError): Presented {
  const own = ownEntry(ERRORS, code);
  const status = own?.status ?? CATALOGUE[code].status;
  const message = CATALOGUE[code].en;
  const member = own?.member ?? (field === undefined ? undefined : memberOf(field));
  const named = status === 400 && member !== undefined;
  return { status, error: errorNameOf(code), message, ...(named ? { fields: { [member]: message } } : {}) };
}

function presented(error: unknown): Presented | undefined {
  if (error instanceof WrongFields) return ofInput(error.fields);
  if (error instanceof Violations)
    return ofInput(
      Object.fromEntries(error.list.map(({ field, code }) => [memberOf(field), CATALOGUE[code].en])),
    );
  const failure = error instanceof AppError ? error : new AppError(toFailure(error).code);
  if (failure.status >= 500) return undefined;
  const as = ownEntry(ERRORS, failure.code)?.as;
  return ofFailure(as ? new AppError(as) : failure);
}

/** The presenter for errors that only the error boundary can handle: it logs errors and closes connections. */
const presentAtEdge: PresentFailure = (ctx, { code, description }) => {
  ctx.body = { error: errorNameOf(code), message: description };
};

/**
 * Writes the error response of the Self-service API, in English. Rethrows unexpected errors and server failures (5xx).
 */
export function presentError(ctx: Context, error: unknown): void {
  ctx.state.present = presentAtEdge;
  const found = presented(error);
  if (!found) throw error;
  const { status, ...body } = found;
  ctx.status = status;
  if (status === 401) ctx.set('WWW-Authenticate', 'Bearer');
  if (status === 403) ctx.set('WWW-Authenticate', `Bearer error="${body.error}"`);
  if (error instanceof AppError && error.retryAfter !== undefined)
    ctx.set('Retry-After', String(error.retryAfter));
  ctx.body = body;
}
