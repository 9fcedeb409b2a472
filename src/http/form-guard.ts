import { createHmac } from 'node:crypto';
import type { Context } from 'koa';
import { AppError } from '../errors/app-error.ts';
import { equalBytes } from '../lib/constant-time.ts';
import { randomToken } from '../lib/ids.ts';
import { type SameOriginSettings, sameOrigin } from './same-origin.ts';

export interface FormGuardSettings extends SameOriginSettings {
  /** Secrets of 32 bytes, newest first; the newest signs, all are accepted. */
  keys: readonly Uint8Array[];
}

/** Protects the forms of this server against cross-site request forgery. */
export interface FormGuard {
  /**
   * Returns the value for the hidden field of a form, a different one each time that the form is shown. Sets the cookie
   * of the browser if it has none. The value is bound to the account in `ctx.state.formSubject`, if set.
   */
  token(ctx: Context): string;
  /** Returns a value that is unique to this browser, so that data can be bound to it. Undefined before `token`. */
  browser(ctx: Context): string | undefined;
  /** Throws `FORM_NOT_OURS` unless the form was shown to this browser by this server and sent from one of its pages. */
  check(ctx: Context, submitted: unknown): void;
}

const COOKIE_VALUE = /^[\w-]{43}$/;
/** The length of the random prefix that makes each token different. */
const SHOWING_BITS = 96;
const SHOWING_CHARACTERS = SHOWING_BITS / 6;

const sign = (key: Uint8Array, showing: string, value: string): Buffer =>
  createHmac('sha256', key).update(`${showing} ${value}`).digest();

function fits(key: Uint8Array, value: string, submitted: string): boolean {
  const expected = sign(key, submitted.slice(0, SHOWING_CHARACTERS), value);
  const actual = Buffer.from(submitted.slice(SHOWING_CHARACTERS), 'base64url');
  return equalBytes(actual, expected);
}

export function formGuard({ keys, issuer, development }: FormGuardSettings): FormGuard {
  const [newest] = keys;
  if (!newest) throw new Error('the form guard needs a key');
  const isSameOrigin = sameOrigin({ issuer, development });
  const secure = new URL(issuer).protocol === 'https:';
  // `__Host-` prevents other hosts of the domain from setting a value for which they have a token.
  const cookie = secure ? '__Host-csrf' : 'csrf';

  const cookieOf = (ctx: Context): string | undefined => {
    const value = ctx.state.formCookie ?? ctx.cookies.get(cookie, { signed: false });
    return COOKIE_VALUE.test(value ?? '') ? value : undefined;
  };

  /**
   * Binds a form to the account that it was shown to. After a sign-in with another account, the page must be shown
   * again.
   */
  const signedOf = (ctx: Context, value: string): string =>
    ctx.state.formSubject === undefined ? value : `${value} ${ctx.state.formSubject}`;

  return {
    token(ctx) {
      let value = cookieOf(ctx);
      if (value === undefined) {
        value = randomToken();
        ctx.state.formCookie = value;
        ctx.cookies.set(cookie, value, { httpOnly: true, sameSite: 'lax', secure, path: '/', signed: false });
      }
      const showing = randomToken(SHOWING_BITS);
      return showing + sign(newest, showing, signedOf(ctx, value)).toString('base64url');
    },
    browser: cookieOf,
    check(ctx, submitted) {
      const value = cookieOf(ctx);
      const known =
        value !== undefined &&
        typeof submitted === 'string' &&
        keys.some((key) => fits(key, signedOf(ctx, value), submitted));
      if (!known || !isSameOrigin(ctx)) throw new AppError('FORM_NOT_OURS');
    },
  };
}
