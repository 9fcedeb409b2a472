import { expect } from 'chai';
import type { Context } from 'koa';
import { sealedCookie } from '../../src/http/sealed-cookie.ts';
import { keyring } from '../../src/lib/keyring.ts';

interface Jar {
  cookies: Map<string, string>;
  written: Record<string, unknown>[];
}

/** The part of a context that cookies need. `browser` is a value that only that browser has. */
function accountContext(browser: string | undefined, jar: Jar = { cookies: new Map(), written: [] }) {
  const ctx = {
    state: { browser },
    cookies: {
      get: (name: string) => jar.cookies.get(name),
      set(name: string, value: string | null, options: Record<string, unknown>) {
        jar.written.push(options);
        if (value === null) jar.cookies.delete(name);
        else jar.cookies.set(name, value);
      },
    },
  };
  return { ctx: ctx as unknown as Context, jar };
}

describe('a sealed cookie', () => {
  let now = 1_000_000;
  const keys = [Buffer.alloc(32, 1)];
  const cookie = (secrets = keys) =>
    sealedCookie<{ mobile: string }>({
      keyring: keyring(secrets),
      clock: { now: () => new Date(now) },
      name: 'proof',
      seconds: 900,
      secure: true,
      browser: (ctx) => ctx.state.browser,
    });
  const value = { mobile: '+66812345678' };

  it('comes back to its path, unreadable on the way, and hidden from scripts', () => {
    const { ctx, jar } = accountContext('one');
    cookie().write(ctx, '/register', value);
    expect(cookie().read(ctx, '/register')).to.deep.equal(value);
    const [sealed = ''] = jar.cookies.values();
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).to.not.include('812345678');
    expect(jar.written[0]).to.deep.equal({
      path: '/register',
      httpOnly: true,
      sameSite: 'lax',
      secure: true,
      signed: false,
      maxAge: 900_000,
    });
  });

  it('is not accepted in another browser, at another path, changed, under other keys, or without a browser', () => {
    const { ctx, jar } = accountContext('one');
    cookie().write(ctx, '/register', value);
    expect(cookie().read(accountContext('two', jar).ctx, '/register')).to.equal(undefined);
    expect(cookie().read(accountContext(undefined, jar).ctx, '/register')).to.equal(undefined);
    expect(cookie().read(ctx, '/forgot-password')).to.equal(undefined);
    expect(cookie([Buffer.alloc(32, 2)]).read(ctx, '/register')).to.equal(undefined);
    for (const changed of ['', 'x', 'AAAA', '__proto__', `${jar.cookies.get('__Secure-proof')}AAAA`]) {
      jar.cookies.set('__Secure-proof', changed);
      expect(cookie().read(ctx, '/register'), changed).to.equal(undefined);
    }
  });

  it('is good for its time, whatever the browser keeps', () => {
    const { ctx } = accountContext('one');
    cookie().write(ctx, '/register', value);
    now += 899_000;
    expect(cookie().read(ctx, '/register')).to.deep.equal(value);
    now += 1_000;
    expect(cookie().read(ctx, '/register')).to.equal(undefined);
  });

  it('can be taken back', () => {
    const { ctx } = accountContext('one');
    cookie().write(ctx, '/register', value);
    cookie().clear(ctx, '/register');
    expect(cookie().read(ctx, '/register')).to.equal(undefined);
  });

  it('is given to no browser that cannot be distinguished from others', () => {
    expect(() => cookie().write(accountContext(undefined).ctx, '/register', value)).to.throw(
      'needs a browser',
    );
  });
});
