import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { OneTimeCodes } from '../../domain/one-time-codes/one-time-codes.ts';
import type { PasswordReset } from '../../domain/recovery/password-reset.ts';
import type { PasswordChange } from '../../domain/settings/password-change.ts';
import { parseEmail } from '../../domain/values/email.ts';
import { nationalMobile } from '../../domain/values/mobile.ts';
import { AppError } from '../../errors/app-error.ts';
import type { SealedCookie } from '../../http/sealed-cookie.ts';
import { browserOf } from '../kit/browser-of.ts';
import { formFailure } from '../kit/form-failure.ts';
import { pageLocale } from '../kit/show.ts';
import { seeOther } from '../kit/submitted.ts';
import type { FormError } from '../page-data/page-data.ts';
import type { Arrivals } from '../steps/arrival.ts';
import { addCodeSteps, type CodeStepsDeps } from '../steps/code-steps.ts';
import { otherMethods } from '../steps/other-methods.ts';
import { type Flow, type FlowContext, frameOf, type StepState } from '../steps/steps.ts';
import { rememberCode, type VerifiedMobile, withVerifiedMobile } from '../steps/verified-mobile.ts';
import type { ReturnTo } from './return-to.ts';

/** A mail that was requested: what the page after it names. */
export interface MailAsked {
  email: string;
}

export interface ForgotPasswordDeps extends CodeStepsDeps {
  codes: OneTimeCodes;
  passwordChange: Pick<PasswordChange, 'resetByCode'>;
  passwordReset: Pick<PasswordReset, 'request'>;
  returnTo: Pick<ReturnTo, 'seal'>;
  mailsAsked: SealedCookie<MailAsked>;
  passwordLeast: number;
  arrivals: Pick<Arrivals, 'begin'>;
}

/** Where the link of the mail leads. */
const RESET_PAGE = '/reset-password';

/** The pages on which a person who forgot the password gets a new one: by a code to the mobile, or by a mail. */
export function forgotPasswordPages(contexts: readonly FlowContext[], deps: ForgotPasswordDeps): Middleware {
  const { passwordReset, codes, stepCookie, mailsAsked, guard, show } = deps;
  const router = new Router({ strict: true, sensitive: true });

  async function byEmail(ctx: Context, flow: Flow, typed: string): Promise<string | undefined> {
    const email = parseEmail(typed)?.value;
    return email === undefined ? undefined : mail(ctx, flow, email);
  }

  /** The same answer whether or not an account has the address, and past the limit on mails. */
  async function mail(ctx: Context, flow: Flow, email: string): Promise<string> {
    const locale = pageLocale(ctx, flow.signIn?.uiLocales);
    const { originalUrl } = flow;
    const query: Record<string, string> = originalUrl ? { resume: deps.returnTo.seal(originalUrl) } : {};
    await passwordReset.request({ email, resetUri: RESET_PAGE, locale, query, origin: deps.originOf(ctx) });
    mailsAsked.write(ctx, flow.path, { email });
    return `${flow.path}/sent`;
  }

  function showSent(ctx: Context, flow: Flow): void {
    const asked = mailsAsked.read(ctx, flow.path);
    if (!asked) {
      seeOther(ctx, flow.path);
      return;
    }
    const { signInAddress } = otherMethods('reset', flow, deps.channels);
    const data = {
      ...{ email: asked.email, again: ctx.query.again === 'yes', signInAddress },
      ...{ client: flow.signIn?.client, otherAddress: flow.path },
      ...{ action: `${flow.path}/sent`, csrf: guard.token(ctx) },
    };
    show(ctx, 'recovery/mail-sent', data, { uiLocales: flow.signIn?.uiLocales });
  }

  async function sendAgain(ctx: Context, flow: Flow): Promise<void> {
    await deps.submitted(ctx);
    const asked = mailsAsked.read(ctx, flow.path);
    seeOther(ctx, asked ? `${await mail(ctx, flow, asked.email)}?again=yes` : flow.path);
  }

  function showForm(
    ctx: Context,
    flow: Flow,
    state: StepState,
    errors: FormError[] = [],
    status = 200,
  ): void {
    const action = `${flow.path}/password`;
    const data = {
      ...frameOf(flow),
      action,
      errors,
      csrf: guard.token(ctx),
      identifier: nationalMobile(state.mobile),
      passwordLeast: deps.passwordLeast,
    };
    show(ctx, 'steps/new-password', data, { status, uiLocales: flow.signIn?.uiLocales, address: action });
  }

  function addRecovery(context: FlowContext): void {
    const { pattern, at, goOn } = context;
    const showCode = addCodeSteps(router, context, deps, {
      purpose: 'reset',
      byEmail,
      entered: (ctx, flow, state) =>
        rememberCode(deps, { ctx, flow, state }, { purpose: 'reset', next: 'password' }),
    });

    /** The session that such a sign-in began with has just ended with everything else of the account. */
    const next = async (ctx: Context, flow: Flow, mobile: string): Promise<string> =>
      (flow.signIn?.reauthenticate ? flow.originalUrl : undefined) ?? goOn(ctx, flow, mobile);

    /** Sets the password; the same form sent twice finds it set. */
    async function setPassword(ctx: Context, flow: Flow, state: VerifiedMobile): Promise<void> {
      const { mobile, code } = state;
      const { password = '' } = await deps.submitted(ctx);
      if (password === '')
        return showForm(ctx, flow, state, [{ field: 'password', code: 'NEW_PASSWORD_MISSING' }], 400);
      try {
        await deps.passwordChange.resetByCode({ mobile, code, next: password, origin: deps.originOf(ctx) });
      } catch (error) {
        const isCodeWrong = error instanceof AppError && error.code === 'CODE_WRONG';
        if (!isCodeWrong || !(await codes.usedBy(mobile, code, browserOf(guard, ctx)))) {
          const { errors, status } = formFailure(ctx, error, ['CODE_WRONG', 'TOO_MANY_ATTEMPTS']);
          return isCodeWrong
            ? showCode(ctx, flow, state, errors, status)
            : showForm(ctx, flow, state, errors, status);
        }
      }
      const address = await next(ctx, flow, mobile);
      stepCookie.clear(ctx, flow.path);
      seeOther(ctx, address);
    }

    router.get(`${pattern}/password`, (ctx) => at(ctx, withVerifiedMobile(stepCookie, showForm)));
    router.post(`${pattern}/password`, (ctx) => at(ctx, withVerifiedMobile(stepCookie, setPassword)));
    router.get(`${pattern}/sent`, (ctx) => at(ctx, showSent));
    router.post(`${pattern}/sent`, (ctx) => at(ctx, sendAgain));
  }

  for (const context of contexts) addRecovery(context);
  router.get('/forgot-password/done', async (ctx) => {
    if (!(await deps.arrivals.begin(ctx))) show(ctx, 'steps/done', { outcome: 'recovered' });
  });
  return router.routes() as unknown as Middleware;
}
