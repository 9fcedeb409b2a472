import type { Context } from 'koa';
import { AppError } from '../../errors/app-error.ts';
import { type PresentedFailure, type PresentFailure, toFailure } from '../../http/errors.ts';
import type { Finding } from '../api.ts';
import { ownEntry } from '../error-table.ts';
import { ERRORS } from './error-table.ts';

/** A parameter that is missing or has an invalid value. */
export class WrongParameter extends Error {
  readonly parameter: string;
  readonly missing: boolean;

  constructor(parameter: string, { missing }: { missing: boolean }) {
    super(
      missing
        ? `Your parameter is not complete. Missing parameter '${parameter}'.`
        : `Your parameter '${parameter}' is not valid.`,
    );
    this.parameter = parameter;
    this.missing = missing;
  }
}

/** The field that the contract reports for a request that is not an object. */
const WHOLE = 'body';

/** Returns the only problem that is reported: the first missing parameter, otherwise the first invalid one. */
export function firstWrong(findings: readonly Finding[], reading?: unknown): Error {
  const [first] = findings;
  if (!first || first.field === WHOLE) return new AppError('BAD_REQUEST');
  const missing = findings.find(({ problem }) => problem === 'required');
  if (missing) return new WrongParameter(missing.field, { missing: true });
  if (reading instanceof WrongParameter && reading.missing) return reading;
  return new WrongParameter(first.field, { missing: false });
}

/** The domain's field → the parameter on the wire, where they differ. */
const PARAMETERS: Readonly<Record<string, string>> = { locationId: 'id_location' };

function textOf({ code, status, field, description }: PresentedFailure): string {
  if (status === 400 && field !== undefined)
    return new WrongParameter(PARAMETERS[field] ?? field, { missing: false }).message;
  return ownEntry(ERRORS, code)?.text ?? description;
}

/** Whether a path belongs to the API, even if it does not exist. */
export const isKeysPath = (path: string): boolean => path.startsWith('/api/v2/');

const present: PresentFailure = (ctx, failure) => {
  ctx.body = { status: 0, error: textOf(failure) };
};

function challengeOf(status: number, { error }: PresentedFailure): string | undefined {
  if (status === 401) return 'Bearer';
  return status === 403 ? `Bearer error="${error}"` : undefined;
}

const asFailure = (error: unknown): PresentedFailure =>
  error instanceof WrongParameter
    ? { ...toFailure(new AppError('BAD_REQUEST')), description: error.message }
    : toFailure(error);

/**
 * Creates the presenter for failures at the API's paths before a request reaches the API. It writes the same body and,
 * with `alwaysOk`, 200 instead of every status below 500.
 */
export const edgePresenter =
  ({ alwaysOk }: { alwaysOk: boolean }): PresentFailure =>
  (ctx, failure) => {
    present(ctx, failure);
    return alwaysOk && failure.status < 500 ? 200 : undefined;
  };

/**
 * Creates the presenter of errors of the Keys API. `alwaysOk`: 200 instead of every status below 500. It rethrows
 * failures of the server to the error boundary, which logs them and uses the same body.
 */
export function errorPresenter({ alwaysOk }: { alwaysOk: boolean }) {
  return (ctx: Context, error: unknown): void => {
    ctx.state.present = present;
    const failure = asFailure(error);
    const status = ownEntry(ERRORS, failure.code)?.status ?? failure.status;
    if (status >= 500) throw error;
    const challenge = challengeOf(status, failure);
    if (challenge && !alwaysOk) ctx.set('WWW-Authenticate', challenge);
    if (failure.retryAfter !== undefined) ctx.set('Retry-After', String(failure.retryAfter));
    ctx.status = alwaysOk ? 200 : status;
    present(ctx, failure);
  };
}
