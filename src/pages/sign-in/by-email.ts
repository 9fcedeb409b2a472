import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { EmailCodeAuthenticator } from '../../domain/authenticators/email-code/email-code.ts';
import { emailCodeMethod } from '../../domain/authenticators/email-code/method.ts';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { Channels } from '../../domain/messages/channels.ts';
import { minutesOf, parseCode } from '../../domain/one-time-codes/one-time-code.ts';
import type { MethodName } from '../../domain/sign-in/methods.ts';
import { type Email, parseEmail } from '../../domain/values/email.ts';
import { AppError } from '../../errors/app-error.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import type { SealedCookie } from '../../http/sealed-cookie.ts';
import type { Clock } from '../../lib/clock.ts';
import type { BotCheck } from '../kit/bot-check.ts';
import { browserOf } from '../kit/browser-of.ts';
import { type CodeLifetimes, codeTimes } from '../kit/code-times.ts';
import { FormRefused } from '../kit/form-errors.ts';
import { type Again, addFormPage, takeForm, withWait } from '../kit/form-page.ts';
import type { Once } from '../kit/idempotent-form.ts';
import { EMAIL_PATHS, pathOf, SIGN_IN_PATHS, SIGN_IN_REGISTER_PATHS } from '../kit/paths.ts';
import { pageLocale, type Show } from '../kit/show.ts';
import { type ReadSubmitted, seeOther } from '../kit/submitted.ts';
import { methodAddresses } from './method-addresses.ts';
import type { SignInAtPage } from './submitted-step.ts';

/** A code that was requested in a sign-in, in one browser. */
export interface EmailStep {
  /** The address as typed. */
  email: string;
  /** Identifies the newest mail. Undefined when another response returned it. */
  reference: string | undefined;
  /** Milliseconds since 1970. */
  sentAt: number;
}

export interface EmailSignInDeps extends CodeLifetimes {
  interactions: {
    find(ctx: Context, uid: string): Promise<SignInAtPage>;
    factorCompleted(ctx: Context, uid: string, accountId: number, method: MethodName): Promise<string>;
  };
  emailCode: EmailCodeAuthenticator;
  cookie: SealedCookie<EmailStep>;
  clock: Clock;
  channels: Channels;
  guard: FormGuard;
  /** Also sets a cookie by which the browser is recognised from now on. */
  originOf: (ctx: Context) => Origin;
  loginEnded: (outcome: string) => void;
  submitted: ReadSubmitted;
  botCheck: BotCheck;
  once: Once;
  show: Show;
}

/** Reports a wrong code as an invalid link, because the code was not typed here. */
const asInvalidLink = (error: unknown): never => {
  throw error instanceof AppError && error.code === 'CODE_WRONG'
    ? new AppError('LINK_INVALID', { cause: error })
    : error;
};

/** The address that the client hints at, or the known person's. Empty if it is not an e-mail address. */
const hinted = ({ loginHint, known }: SignInAtPage): string =>
  parseEmail(loginHint || (known?.identifier ?? ''))?.value ?? '';

/**
 * `/interaction/:uid/email`: signing in with a code or link by e-mail instead of the password. The pages and
 * responses do not reveal whether an account has the address.
 */
export function emailSignIn(deps: EmailSignInDeps): Middleware {
  const { interactions, emailCode, cookie, clock, guard, submitted, channels, show } = deps;
  const router = new Router({ strict: true, sensitive: true });

  /** Runs a step where the sign-in accepts codes by e-mail. Otherwise redirects the browser to the step that is due. */
  async function at(
    ctx: Context,
    run: (ctx: Context, view: SignInAtPage) => Promise<void> | void,
  ): Promise<void> {
    const view = await interactions.find(ctx, String(ctx.params.uid));
    if (view.step === 'login' && view.methods.includes(emailCodeMethod.name)) await run(ctx, view);
    else seeOther(ctx, pathOf(SIGN_IN_PATHS.current, view.uid));
  }

  const stepPath = ({ uid }: SignInAtPage): string => pathOf(EMAIL_PATHS.address, uid);

  const frameOf = (ctx: Context, view: SignInAtPage) => {
    const { passwordAddress, codeAddress } = methodAddresses(view);
    const cancelAction = pathOf(SIGN_IN_PATHS.abort, view.uid);
    const registerAddress = channels.has('sms') ? pathOf(SIGN_IN_REGISTER_PATHS.mobile, view.uid) : undefined;
    return {
      ...{ client: view.client, cancelAction, csrf: guard.token(ctx) },
      ...{ passwordAddress, codeAddress, registerAddress },
    };
  };

  function showAddress(ctx: Context, view: SignInAtPage, again?: Again): void {
    const action = stepPath(view);
    const typed = again ? (again.sent?.login?.trim() ?? '') : hinted(view);
    const botCheck = deps.botCheck.widget('login');
    const data = { ...frameOf(ctx, view), action, typed, botCheck, errors: again?.errors };
    show(ctx, 'sign-in/email', data, {
      ...{ status: again?.status ?? 200, uiLocales: view.uiLocales, address: action },
    });
  }

  function showCode(ctx: Context, view: SignInAtPage, step: EmailStep, again?: Again): void {
    const action = pathOf(EMAIL_PATHS.code, view.uid);
    const data = {
      ...{ ...frameOf(ctx, view), action, errors: again?.errors },
      ...{ email: step.email, reference: step.reference, minutes: minutesOf(deps.lifetime) },
      ...codeTimes(deps, step.sentAt, clock.now()),
      againAction: pathOf(EMAIL_PATHS.again, view.uid),
      addressAddress: stepPath(view),
    };
    show(ctx, 'sign-in/email-code', data, {
      ...{ status: again?.status ?? 200, uiLocales: view.uiLocales, address: action },
    });
  }

  async function ask(ctx: Context, view: SignInAtPage, email: Email): Promise<string> {
    const sent = await emailCode.request({
      ...{ email, browser: browserOf(guard, ctx), address: deps.originOf(ctx).address },
      ...{ locale: pageLocale(ctx, view.uiLocales), uid: view.uid },
    });
    // already sent: the stored details are kept
    if (sent || cookie.read(ctx, stepPath(view))?.email !== email.value)
      cookie.write(ctx, stepPath(view), {
        ...{ email: email.value, reference: sent?.reference, sentAt: clock.now().getTime() },
      });
    return pathOf(EMAIL_PATHS.code, view.uid);
  }

  /** Returns the next address of the sign-in after a right code. */
  async function entered(ctx: Context, view: SignInAtPage, email: string, code: string): Promise<string> {
    try {
      const account = await emailCode.verify({
        ...{ email, code, browser: browserOf(guard, ctx), origin: deps.originOf(ctx) },
        ...{ clientId: view.clientId, requestId: ctx.state.requestId },
      });
      deps.loginEnded('right');
      return await interactions.factorCompleted(ctx, view.uid, account.id, emailCodeMethod.name);
    } catch (error) {
      const reason = error instanceof AppError ? error.code : undefined;
      if (reason === 'CODE_WRONG') deps.loginEnded('wrong');
      if (reason === 'TOO_MANY_ATTEMPTS') deps.loginEnded('limited');
      throw error;
    }
  }

  /** Runs a step that needs an address. Without one, redirects to the first step. */
  const withEmail =
    (run: (ctx: Context, view: SignInAtPage, step: EmailStep) => Promise<void> | void) =>
    (ctx: Context, view: SignInAtPage): Promise<void> | void => {
      const step = cookie.read(ctx, stepPath(view));
      return step ? run(ctx, view, step) : seeOther(ctx, stepPath(view));
    };

  const emailOf = (step: EmailStep): Email => {
    const email = parseEmail(step.email);
    if (!email) throw new AppError('BAD_REQUEST');
    return email;
  };

  addFormPage<[SignInAtPage]>(router, {
    path: EMAIL_PATHS.address,
    read: submitted,
    explains: ['TOO_MANY_ATTEMPTS'],
    at,
    show: (ctx, [view], again) => showAddress(ctx, view, again),
    async submit(ctx, sent, view) {
      const typed = sent.login?.trim() ?? '';
      const email = parseEmail(typed);
      if (!email)
        throw new FormRefused([{ field: 'login', code: typed ? 'INVALID_EMAIL' : 'EMAIL_MISSING' }]);
      await deps.botCheck.require(ctx, sent, 'login');
      return ask(ctx, view, email);
    },
  });

  addFormPage<[SignInAtPage, EmailStep]>(router, {
    path: EMAIL_PATHS.code,
    read: submitted,
    explains: ['CODE_WRONG', 'TOO_MANY_ATTEMPTS'],
    at: (ctx, run) => at(ctx, withEmail(run)),
    show: (ctx, [view, step], again) => showCode(ctx, view, step, again),
    async submit(ctx, sent, view, step) {
      const code = parseCode(sent.code ?? '');
      if (code === undefined) throw new FormRefused([{ field: 'code', code: 'MAIL_CODE_MISSING' }]);
      return entered(ctx, view, emailOf(step).key, code);
    },
  });

  const askAgain = (ctx: Context, view: SignInAtPage, step: EmailStep): Promise<void> =>
    takeForm(ctx, {
      read: submitted,
      explains: ['TOO_MANY_ATTEMPTS'],
      submit: () => ask(ctx, view, emailOf(step)),
      showAgain: (again) => showCode(ctx, view, step, withWait(again)),
    });
  router.post(EMAIL_PATHS.again, (ctx) => at(ctx, withEmail(askAgain)));

  // the form of the page that the link opens, accepted only from the browser that requested the link
  router.post(EMAIL_PATHS.link, async (ctx) => {
    const form = await submitted(ctx);
    await at(ctx, async (_, view) => {
      const link = emailCode.readLink(form.key ?? '', guard.browser(ctx));
      if (!link?.isOfBrowser || link.uid !== view.uid) throw new AppError('LINK_INVALID');
      await takeForm(ctx, {
        read: async () => form,
        once: deps.once,
        explains: ['TOO_MANY_ATTEMPTS'],
        submit: () => entered(ctx, view, link.email, link.code).catch(asInvalidLink),
        showAgain: (again) => showAddress(ctx, view, withWait({ ...again, sent: { login: link.email } })),
      });
    });
  });

  return router.routes() as unknown as Middleware;
}
