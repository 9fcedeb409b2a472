import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Context } from 'koa';
import { AppError } from '../errors/app-error.ts';
import { randomToken } from '../lib/ids.ts';
import { isLoopbackHost } from './hosts.ts';

export interface FormGuardSettings {
  /** Secrets of 32 bytes, newest first; the newest signs, all are accepted. */
  keys: readonly Uint8Array[];
  issuer: string;
  /** Also accepts pages shown under another loopback name of the same port. */
  development: boolean;
}

/** Protection of our own forms against posts from elsewhere. */
export interface FormGuard {
  /**
   * The value for the form's hidden field, another one each time that a form is shown; gives the browser its cookie when
   * it has none. It is for whom `ctx.state.formSubject` names, when that is set.
   */
  token(ctx: Context): string;
  /** A value that this browser has and no other: what was given to it can be bound to it. Undefined before `token`. */
  browser(ctx: Context): string | undefined;
  /** Throws `FORM_NOT_OURS` unless the form was shown to this browser by us and sent from our own page. */
  check(ctx: Context, submitted: unknown): void;
}

const COOKIE_VALUE = /^[\w-]{43}$/;
/** What tells one showing of a form from the next, at the beginning of a token. */
const SHOWING_BITS = 96;
const SHOWING_CHARACTERS = SHOWING_BITS / 6;

const sign = (key: Uint8Array, showing: string, value: string): Buffer =>
  createHmac('sha256', key).update(`${showing} ${value}`).digest();

function fits(key: Uint8Array, value: string, submitted: string): boolean {
  const expected = sign(key, submitted.slice(0, SHOWING_CHARACTERS), value);
  const actual = Buffer.from(submitted.slice(SHOWING_CHARACTERS), 'base64url');
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/** `localhost:3000` → `3000`; the port that the browser named, empty for the default one. */
const portOf = (host: string): string => /:(\d+)$/.exec(host)?.[1] ?? '';

export function formGuard({ keys, issuer, development }: FormGuardSettings): FormGuard {
  const [newest] = keys;
  if (!newest) throw new Error('the form guard needs a key');
  const ours = new URL(issuer);
  const secure = ours.protocol === 'https:';
  // `__Host-` keeps other hosts of the domain from planting a value that they know the token for.
  const cookie = secure ? '__Host-csrf' : 'csrf';

  const cookieOf = (ctx: Context): string | undefined => {
    const value = ctx.state.formCookie ?? ctx.cookies.get(cookie, { signed: false });
    return COOKIE_VALUE.test(value ?? '') ? value : undefined;
  };

  function isOurOrigin(ctx: Context, origin: string): boolean {
    if (origin === ours.origin) return true;
    if (!development || !URL.canParse(origin)) return false;
    const { protocol, host } = new URL(origin);
    const called = ctx.get('Host');
    return (
      protocol === ours.protocol &&
      isLoopbackHost(host) &&
      isLoopbackHost(called) &&
      portOf(host) === portOf(called)
    );
  }

  /**
   * What the browser says of the sender. `Origin: null` is what it sends from a page with
   * `Referrer-Policy: no-referrer`, as ours are; it tells nothing, so then `Sec-Fetch-Site` has to vouch.
   * Only very old browsers and programs send neither; for them the token alone decides.
   */
  function isSameOrigin(ctx: Context): boolean {
    const site = ctx.get('Sec-Fetch-Site');
    if (site !== '' && site !== 'same-origin' && site !== 'none') return false;
    const origin = ctx.get('Origin');
    if (origin === '') return true;
    return origin === 'null' ? site !== '' : isOurOrigin(ctx, origin);
  }

  /** A form that acts for somebody works for nobody else: whoever signs in meanwhile gets a page of their own first. */
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
