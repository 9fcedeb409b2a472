import type { Context } from 'koa';
import { AppError } from '../../errors/app-error.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { hasUnreadBody, type PresentedFailure, type PresentFailure, toFailure } from '../../http/errors.ts';
import type { Finding } from '../api.ts';

/** A parameter that is not there, or has a value that it cannot have. */
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

/** What the contract calls a request that is no object at all. */
const WHOLE = 'body';

/** The one thing that a caller learns: the first parameter that is missing, else the first that is wrong. */
export function firstWrong(findings: readonly Finding[], reading?: unknown): Error {
  const [first] = findings;
  if (!first || first.field === WHOLE) return new AppError('BAD_REQUEST');
  const missing = findings.find(({ problem }) => problem === 'required');
  if (missing) return new WrongParameter(missing.field, { missing: true });
  if (reading instanceof WrongParameter && reading.missing) return reading;
  return new WrongParameter(first.field, { missing: false });
}

/** The domain's word → the parameter on the wire, where they differ. */
const PARAMETERS: Readonly<Record<string, string>> = { locationId: 'id_location' };

/** The words that clients know, or that say more to them than the catalogue's. */
const WORDS: Partial<Record<ErrorCode, string>> = {
  INVALID_CREDENTIALS: 'Your password is invalid.',
  INVALID_TOKEN: 'Your key is invalid.',
  INSUFFICIENT_SCOPE: 'Your key does not allow this.',
  CONTACT_TAKEN: 'Your email is already registered.',
  BINDING_TAKEN: 'Your Facebook account is already registered.',
  FACEBOOK_REFUSED: 'Your Facebook token is invalid.',
  FACEBOOK_UNKNOWN: 'Your Facebook account is not registered yet. Please register first.',
};

/** A wrong password is 400 at the token endpoint (RFC 6749 §5.2) and 401 here. */
const statusOf = ({ code, status }: PresentedFailure): number =>
  code === 'INVALID_CREDENTIALS' ? 401 : status;

function wordsOf({ code, status, field, description }: PresentedFailure): string {
  if (status === 400 && field !== undefined)
    return new WrongParameter(PARAMETERS[field] ?? field, { missing: false }).message;
  return WORDS[code] ?? description;
}

/** The API's paths, also those that it does not have. */
export const isKeysPath = (path: string): boolean => path.startsWith('/api/v2/');

const present: PresentFailure = (ctx, failure) => {
  ctx.body = { status: 0, error: wordsOf(failure) };
};

function challengeOf(status: number, { error }: PresentedFailure): string | undefined {
  if (status === 401) return 'Bearer';
  return status === 403 ? `Bearer error="${error}"` : undefined;
}

const asFailure = (error: unknown): PresentedFailure =>
  error instanceof WrongParameter
    ? { ...toFailure(new AppError('BAD_REQUEST')), description: error.message }
    : toFailure(error);

/** What fails before the API has it, at its paths: the same body, and 200 under `alwaysOk` below 500. */
export const edgePresenter =
  ({ alwaysOk }: { alwaysOk: boolean }): PresentFailure =>
  (ctx, failure) => {
    present(ctx, failure);
    return alwaysOk && failure.status < 500 ? 200 : undefined;
  };

/**
 * The error body of the Keys API. `alwaysOk`: 200 in place of every status below 500. What is ours goes on to the
 * edge, which logs it and uses the same body.
 */
export function errorPresenter({ alwaysOk }: { alwaysOk: boolean }) {
  return (ctx: Context, error: unknown): void => {
    ctx.state.present = present;
    const failure = asFailure(error);
    const status = statusOf(failure);
    if (status >= 500) throw error;
    const challenge = challengeOf(status, failure);
    if (challenge && !alwaysOk) ctx.set('WWW-Authenticate', challenge);
    if (failure.retryAfter !== undefined) ctx.set('Retry-After', String(Math.ceil(failure.retryAfter)));
    if (hasUnreadBody(ctx)) ctx.set('Connection', 'close');
    ctx.status = alwaysOk ? 200 : status;
    present(ctx, failure);
  };
}
