import { expect } from 'chai';
import type { Context } from 'koa';
import { presentError, wrongFields } from '../../../src/apis/self-service/errors.ts';
import { AppError, type AppErrorDetails } from '../../../src/errors/app-error.ts';
import type { ErrorCode } from '../../../src/errors/catalogue.ts';
import { Violations } from '../../../src/errors/violations.ts';
import type { PresentFailure } from '../../../src/http/errors.ts';

interface Answered {
  status?: number;
  body?: unknown;
  headers: Record<string, string>;
  thrown?: unknown;
  state: { present?: PresentFailure };
}

function present(error: unknown): Answered {
  const answered: Answered = { headers: {}, state: {} };
  const ctx = Object.assign(answered, {
    req: { complete: true, headers: {} },
    set: (name: string, value: string) => Object.assign(answered.headers, { [name]: value }),
  }) as unknown as Context;
  try {
    presentError(ctx, error);
  } catch (thrown) {
    answered.thrown = thrown;
  }
  return answered;
}

const failure = (code: ErrorCode, details?: AppErrorDetails): Answered =>
  present(new AppError(code, details));

describe('errors of the Self-service API', () => {
  it('have a word of their own, and the member where the input is wrong', () => {
    const words: [code: ErrorCode, status: number, error: string, member?: string][] = [
      ['LINK_INVALID', 400, 'invalid_key', 'key'],
      ['CODE_WRONG', 400, 'code_wrong', 'otpNumber'],
      ['INVALID_CREDENTIALS', 401, 'invalid_credentials'],
      ['INVALID_TOKEN', 401, 'invalid_token'],
      ['ACCOUNT_NOT_FOUND', 401, 'invalid_token'],
      ['ACCOUNT_DELETED', 401, 'invalid_token'],
      ['INSUFFICIENT_SCOPE', 403, 'insufficient_scope'],
      ['CONTACT_TAKEN', 409, 'contact_taken'],
      ['TOO_MANY_ATTEMPTS', 429, 'too_many_attempts'],
    ];
    for (const [code, status, error, member] of words) {
      const { body, ...answered } = failure(code);
      expect(answered.status, code).to.equal(status);
      expect(body, code).to.include({ error });
      const { fields } = body as { fields?: Record<string, string> };
      expect(Object.keys(fields ?? {}), code).to.deep.equal(member ? [member] : []);
    }
  });

  it('name members as they are on the wire', () => {
    const { body } = failure('PASSWORD_WRONG', { field: 'currentPassword' });
    expect(body).to.have.property('fields').that.has.keys('current_password');
    const several = present(
      new Violations([
        { field: 'addressTown', code: 'INVALID_TEXT' },
        { field: 'pendingEmail', code: 'NOT_CHANGEABLE' },
      ]),
    );
    expect(several).to.include({ status: 400 });
    expect(several.body).to.deep.include({ error: 'invalid_request' });
    expect(several.body).to.have.property('fields').that.has.keys('address_town', 'pending_email');
  });

  it('say what the contract found, of a list its member', () => {
    const { status, body } = present(
      wrongFields([
        { field: 'email', problem: 'required' },
        { field: 'subscriptions.0.topic', problem: 'required' },
        { field: 'subscriptions.1', problem: 'type' },
        { field: 'role', problem: 'unknown' },
      ]),
    );
    expect(status).to.equal(400);
    expect(body).to.deep.equal({
      error: 'invalid_request',
      message: 'The request is not valid.',
      fields: {
        email: 'This is required.',
        subscriptions: 'This is required.',
        role: 'Unknown member.',
      },
    });
  });

  it('challenge anyone who has no token, and say when to come again', () => {
    expect(failure('INVALID_TOKEN').headers).to.deep.equal({ 'WWW-Authenticate': 'Bearer' });
    expect(failure('INSUFFICIENT_SCOPE').headers).to.deep.equal({
      'WWW-Authenticate': 'Bearer error="insufficient_scope"',
    });
    expect(failure('TOO_MANY_ATTEMPTS', { retryAfter: 7 }).headers).to.deep.equal({ 'Retry-After': '7' });
  });

  it('read a body that is too large as what it is', () => {
    const { status, body } = present(Object.assign(new Error('too large'), { status: 413, expose: true }));
    expect(status).to.equal(413);
    expect(body).to.deep.equal({ error: 'body_too_large', message: 'The request is too large.' });
  });

  it('of our side go on to the edge, with the words that it is to use', () => {
    for (const error of [new AppError('UNAVAILABLE'), new Error('a bug')]) {
      const { thrown, status, state } = present(error);
      expect(thrown).to.equal(error);
      expect(status).to.equal(undefined);
      const ctx = {} as Context;
      state.present?.(ctx, {
        code: 'UNAVAILABLE',
        status: 503,
        error: 'temporarily_unavailable',
        description: 'x',
      });
      expect(ctx.body).to.deep.equal({ error: 'unavailable', message: 'x' });
    }
  });
});
