import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { smsCodeMethod } from '../../domain/authenticators/sms-code/method.ts';
import type { SmsCodeAuthenticator } from '../../domain/authenticators/sms-code/sms-code.ts';
import { ACCOUNT_CLIENT } from '../../domain/clients/built-in-clients.ts';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { MethodName } from '../../domain/sign-in/methods.ts';
import type { SealedCookie } from '../../http/sealed-cookie.ts';
import type { AccountContexts } from '../account/account-context.ts';
import { ACCOUNT_PATH, SIGN_IN_PATHS } from '../kit/paths.ts';
import { seeOther } from '../kit/submitted.ts';

/** A person who verified a mobile in steps that were not part of a sign-in. */
export interface Arriving {
  /** E.164. */
  mobile: string;
  /** The browser has been redirected to the sign-in, and is not redirected again. */
  sent: boolean;
  /** The step of the sign-in has been taken. Only the page that shows the outcome remains. */
  finished?: boolean;
}

/**
 * Signs a person in at the end of steps that were not part of a sign-in, so that a new user does not need to enter
 * the same data again. Only the protocol creates sessions. The browser therefore goes through the sign-in of My
 * account, whose only step is completed automatically.
 */
export interface Arrivals {
  /** Allows this browser to sign in automatically within a minute. */
  expect(ctx: Context, mobile: string): void;
  /**
   * Redirects an expected browser to the sign-in, which returns to this page. Redirects a browser that is not
   * expected to My account. Returns true if it redirects.
   */
  begin(ctx: Context): Promise<boolean>;
  /** Completes the step of that sign-in. */
  finish: Middleware;
}

interface Deps {
  cookie: SealedCookie<Arriving>;
  accountContexts: Pick<AccountContexts, 'of' | 'signIn'>;
  interactions: {
    find(ctx: Context, uid: string): Promise<{ uid: string; step: string; clientId: string }>;
    factorCompleted(ctx: Context, uid: string, accountId: number, method: MethodName): Promise<string>;
  };
  smsCode: Pick<SmsCodeAuthenticator, 'afterVerification'>;
  originOf: (ctx: Context) => Origin;
}

const PATH = '/';

export function arrivals({ cookie, accountContexts, interactions, smsCode, originOf }: Deps): Arrivals {
  const router = new Router({ strict: true, sensitive: true });

  router.get(SIGN_IN_PATHS.current, async (ctx: Context, next) => {
    const arriving = cookie.read(ctx, PATH);
    if (!arriving || arriving.finished) return next();
    const { uid, step, clientId } = await interactions.find(ctx, String(ctx.params.uid));
    if (step !== 'login' || clientId !== ACCOUNT_CLIENT.id) return next();
    cookie.write(ctx, PATH, { ...arriving, sent: true, finished: true });
    const account = await smsCode.afterVerification({
      mobile: arriving.mobile,
      origin: originOf(ctx),
      clientId,
      requestId: ctx.state.requestId,
    });
    if (!account) return next();
    seeOther(ctx, await interactions.factorCompleted(ctx, uid, account.id, smsCodeMethod.name));
  });

  return {
    expect: (ctx, mobile) => cookie.write(ctx, PATH, { mobile, sent: false }),
    async begin(ctx) {
      const arriving = cookie.read(ctx, PATH);
      if (!arriving) {
        seeOther(ctx, ACCOUNT_PATH);
        return true;
      }
      if (arriving.sent) return false;
      cookie.write(ctx, PATH, { ...arriving, sent: true });
      // another person may be signed in to this browser
      accountContexts.signIn(ctx, ctx.path, { again: (await accountContexts.of(ctx)) !== undefined });
      return true;
    },
    finish: router.routes() as unknown as Middleware,
  };
}
