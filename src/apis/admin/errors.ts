import type { Context } from 'koa';
import { AppError } from '../../errors/app-error.ts';
import { CATALOGUE, type ErrorCode } from '../../errors/catalogue.ts';
import { refuseIfAny, type Violation, Violations } from '../../errors/violations.ts';
import type { PresentFailure } from '../../http/errors.ts';
import { adminMetadataUrl } from '../../http/protected-resources.ts';
import type { Finding } from '../api.ts';
import { schemeOf, signInChallenge } from './operator-sign-in.ts';

export const PROBLEM = 'application/problem+json';

export const isAdminPath = (path: string): boolean => path.startsWith('/admin/v1/');

/** The error code for a member, by the problem that the contract found. */
const CODES: Readonly<Record<Finding['problem'], ErrorCode>> = {
  required: 'VALUE_MISSING',
  unknown: 'NOT_CHANGEABLE',
  type: 'BAD_REQUEST',
  length: 'INVALID_TEXT',
  format: 'INVALID_TEXT',
};

/** Returns an error with all problems of a request: those that the contract found, and those found when it was read. */
export function refuse(findings: readonly Finding[], reading?: unknown): Error {
  const found: Violation[] = findings.map(({ field, problem }) => ({ field, code: CODES[problem] }));
  if (reading instanceof Violations) found.push(...reading.list);
  try {
    refuseIfAny(found);
  } catch (error) {
    return error as Error;
  }
  return reading instanceof Error ? reading : new AppError('BAD_REQUEST');
}

/** RFC 6901: `redirect_uris.0` is `/redirect_uris/0`. */
const pointerOf = (field: string): string =>
  `/${field.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('.', '/')}`;

/** Members that have a different name in the domain. */
const MEMBERS: Readonly<Record<string, string>> = {
  externalId: 'external_id',
  contact: 'value',
  clientId: 'client_id',
  clientSecret: 'client_secret',
  teamId: 'team_id',
  keyId: 'key_id',
  privateKey: 'private_key',
  trustEmail: 'trust_email',
};

function inputErrors(error: AppError): { pointer: string; code: ErrorCode; detail: string }[] | undefined {
  const list = error instanceof Violations ? error.list : [];
  const single =
    list.length === 0 && error.field !== undefined ? [{ field: error.field, code: error.code }] : [];
  const all = [...list, ...single].map(({ field, code }) => ({
    pointer: pointerOf(Object.hasOwn(MEMBERS, field) ? (MEMBERS[field] ?? field) : field),
    code,
    // the message of a single error may be more specific
    detail: list.length === 0 ? error.message : CATALOGUE[code].en,
  }));
  return all.length > 0 ? all : undefined;
}

interface Problem {
  code: ErrorCode;
  detail: string;
  /** Seconds. */
  retryAfter?: number | undefined;
}

function presentProblem(
  ctx: Context,
  { code, detail, retryAfter }: Problem,
  errors?: ReturnType<typeof inputErrors>,
): void {
  const { status, error: title } = CATALOGUE[code];
  ctx.status = status;
  ctx.set('Cache-Control', 'no-store');
  if (retryAfter !== undefined) ctx.set('Retry-After', String(retryAfter));
  ctx.body = JSON.stringify({
    type: 'about:blank',
    title,
    status,
    detail,
    code,
    request_id: ctx.state.requestId,
    ...(errors ? { errors } : {}),
  });
  ctx.type = PROBLEM;
}

/** Writes failures of the server, and failures before a request reaches an operation. */
export const presentFailure: PresentFailure = (ctx, { code, description, retryAfter }) =>
  presentProblem(ctx, { code, detail: description, retryAfter });

/** Writes an error as a problem (RFC 9457). Rethrows failures of the server to the error boundary, which logs them. */
export function presentError(
  ctx: Context,
  error: unknown,
  { scope, issuer }: { scope?: string | undefined; issuer: string },
): void {
  if (!(error instanceof AppError) || error.status >= 500) {
    ctx.state.present = presentFailure;
    throw error;
  }
  const { code, message, retryAfter } = error;
  if (code === 'INVALID_TOKEN')
    ctx.set(
      'WWW-Authenticate',
      `Bearer error="invalid_token", resource_metadata="${adminMetadataUrl(issuer)}", DPoP error="invalid_token"`,
    );
  if (code === 'INSUFFICIENT_SCOPE')
    ctx.set('WWW-Authenticate', `${schemeOf(ctx)} error="insufficient_scope", scope="${scope ?? ''}"`);
  if (code === 'INSUFFICIENT_USER_AUTHENTICATION') ctx.set('WWW-Authenticate', signInChallenge(ctx, message));
  presentProblem(ctx, { code, detail: message, retryAfter }, inputErrors(error));
}
