import type { Context } from 'koa';
import { AppError } from '../../errors/app-error.ts';
import { CATALOGUE } from '../../errors/catalogue.ts';
import { Violations } from '../../errors/violations.ts';
import type { Finding } from '../api.ts';
import { ownEntry } from '../error-table.ts';
import { requestLocale } from '../request-locale.ts';
import { ERRORS } from './error-table.ts';
import { codeOf, isMember, MEMBER_NUMBERS, type MemberViolation, messageOf } from './violation-codes.ts';

/** Invalid members of a request, reported together. */
export class WrongMembers extends Error {
  readonly list: readonly MemberViolation[];

  constructor(list: readonly MemberViolation[]) {
    super('Validation Failure');
    this.list = list;
  }
}

/** `operationId` → the prefix of its members in violations, as in `register.mobile`. */
export const PREFIXES: Readonly<Record<string, string>> = {
  requestOtp: 'request',
  register: 'register',
  preRegister: 'preRegister',
  verifyOtp: 'verifyOtp',
  changePassword: 'changePassword',
  preUpdateEmail: 'preUpdateEmail',
  updateEmail: 'updateEmail',
  updateProfile: 'updateProfile',
  updatePassword: 'updatePassword',
  updateMobile: 'updateMobile',
  uploadImage: 'upload',
  findMobile: 'findMobile',
  findMobileByBody: 'findMobile',
};

const PROBLEM_KINDS = { required: 'REQ', type: 'FMT', length: 'SIZ', format: 'FMT', unknown: 'REF' } as const;

const byMember = (one: MemberViolation, other: MemberViolation): number =>
  MEMBER_NUMBERS[one.member] - MEMBER_NUMBERS[other.member];

/**
 * Converts the findings of the contract into violations of this API. Adds those of other members that were found when
 * the request was read.
 */
export function wrongMembers(findings: readonly Finding[], reading?: unknown): Error {
  // a body that is a list or a text has no member to name
  if (findings.some(({ field }) => field === 'body')) return new AppError('BAD_REQUEST');
  const found = findings.flatMap(({ field, problem }): MemberViolation[] => {
    const [member = ''] = field.split('.');
    return isMember(member) ? [{ member, kind: PROBLEM_KINDS[problem] }] : [];
  });
  const read = reading instanceof WrongMembers ? reading.list : [];
  const others = read.filter(({ member }) => !found.some((one) => one.member === member));
  const list = [...found, ...others].sort(byMember);
  return list.length > 0 ? new WrongMembers(list) : new AppError('BAD_REQUEST');
}

function violationOf(field: string | undefined, code: AppError['code']): MemberViolation | undefined {
  const own = ownEntry(ERRORS, code);
  const member = field !== undefined && isMember(field) ? field : own?.member;
  return own && member && { member, kind: own.kind, ...(own.kindText ? {} : { because: code }) };
}

interface Presented {
  status: number;
  list: readonly MemberViolation[];
}

/** Returns the violations of an error and their status; undefined for any other kind of failure. */
function violationsOf(error: unknown): Presented | undefined {
  if (error instanceof WrongMembers) return { status: 400, list: error.list };
  if (error instanceof Violations) {
    const list = error.list
      .map(({ field, code }) => violationOf(field, code))
      .filter((one) => one !== undefined);
    return { status: error.status, list };
  }
  if (!(error instanceof AppError)) return undefined;
  const violation = violationOf(error.field, error.code);
  return violation && { status: error.status, list: [violation] };
}

/** Writes the error response of the Customers API. Rethrows unexpected errors and server failures (5xx). */
export function presentError(ctx: Context, error: unknown, { id }: { id: string }): void {
  ctx.state.program = true;
  const presented = violationsOf(error);
  if (presented) {
    const locale = requestLocale(ctx);
    const prefix = PREFIXES[id] ?? id;
    ctx.status = presented.status;
    ctx.body = {
      violations: presented.list.map((violation) => ({
        code: codeOf(violation),
        field: `${prefix}.${violation.member}`,
        message: messageOf(violation, locale),
      })),
      error: 'Validation Failure',
    };
    return;
  }
  if (!(error instanceof AppError) || error.status >= 500) throw error;
  const { error: oauthError, en, th } = CATALOGUE[error.code];
  ctx.status = error.status;
  if (error.status === 401) ctx.set('WWW-Authenticate', 'Bearer');
  if (error.status === 403) ctx.set('WWW-Authenticate', `Bearer error="${oauthError}"`);
  if (error.retryAfter !== undefined) ctx.set('Retry-After', String(error.retryAfter));
  ctx.body = { error: oauthError, error_description: requestLocale(ctx) === 'en' ? en : th };
}
