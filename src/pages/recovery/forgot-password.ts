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
import { refuseIf } from '../kit/form-errors.ts';
import { type Again, addFormPage } from '../kit/form-page.ts';
import {
  type CodePaths,
  FORGOT_PASSWORD_PATHS,
  pathOf,
  RESET_PASSWORD_PATHS,
  SIGN_IN_FORGOT_PASSWORD_PATHS,
} from '../kit/paths.ts';
import { pageLocale } from '../kit/show.ts';
import { seeOther } from '../kit/submitted.ts';
import type { Arrivals } from '../steps/arrival.ts';
import { addCodeSteps, type CodeStepsDeps } from '../steps/code-steps.ts';
import { otherMethods } from '../steps/other-methods.ts';
import { type Flow, type FlowContext, frameOf, type StepState } from '../steps/steps.ts';
import { rememberCode, type VerifiedMobile, withVerifiedMobile } from '../steps/verified-mobile.ts';
import type { ReturnTo } from './return-to.ts';

/** The requested mail, which the next page names. */
export interface MailAsked {
  email: string;
}

interface ForgotPasswordPaths extends CodePaths {
  password: string;
  sent: string;
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

const sentPath = ({ uid }: Flow): string =>
  pathOf((uid === undefined ? FORGOT_PASSWORD_PATHS : SIGN_IN_FORGOT_PASSWORD_PATHS).sent, uid);

/** `/forgot-password`: sets a new password for a person who forgot theirs, with a code sent to the mobile or a mail. */
export function forgotPasswordPages(
  contexts: readonly FlowContext<ForgotPasswordPaths>[],
  deps: ForgotPasswordDeps,
): Middleware {
  const { passwordReset, codes, stepCookie, mailsAsked, guard, show } = deps;
  const router = new Router({ strict: true, sensitive: true });

  async function byEmail(ctx: Context, flow: Flow, typed: string): Promise<string | undefined> {
    const email = parseEmail(typed)?.value;
    return email === undefined ? undefined : mail(ctx, flow, email);
  }

  /** The response does not depend on whether an account has the address, nor on the rate limit for mails. */
  async function mail(ctx: Context, flow: Flow, email: string): Promise<string> {
    const locale = pageLocale(ctx, flow.signIn?.uiLocales);
    const { originalUrl } = flow;
    const query: Record<string, string> = originalUrl ? { resume: deps.returnTo.seal(originalUrl) } : {};
    await passwordReset.request({
      email,
      resetUri: RESET_PASSWORD_PATHS.form,
      locale,
      query,
      origin: deps.originOf(ctx),
    });
    mailsAsked.write(ctx, flow.path, { email });
    return sentPath(flow);
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
      ...{ action: sentPath(flow), csrf: guard.token(ctx) },
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
    action: string,
    flow: Flow,
    state: StepState,
    { errors = [], status = 200 }: Partial<Again> = {},
  ): void {
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

  function addRecovery(context: FlowContext<ForgotPasswordPaths>): void {
    const { paths, at, goOn } = context;
    const showCode = addCodeSteps(router, context, deps, {
      purpose: 'reset',
      byEmail,
      entered: (ctx, flow, state) =>
        rememberCode(deps, { ctx, flow, state }, { purpose: 'reset', next: paths.password }),
    });

    /** For a re-authentication, the original session has just been ended with all others of the account. */
    const next = async (ctx: Context, flow: Flow, mobile: string): Promise<string> =>
      (flow.signIn?.reauthenticate ? flow.originalUrl : undefined) ?? goOn(ctx, flow, mobile);

    addFormPage<[Flow, VerifiedMobile]>(router, {
      path: paths.password,
      read: deps.submitted,
      explains: ['CODE_WRONG', 'TOO_MANY_ATTEMPTS'],
      at: (ctx, run) => at(ctx, withVerifiedMobile(stepCookie, paths.code, run)),
      show: (ctx, [flow, state], again) =>
        again?.reason === 'CODE_WRONG'
          ? showCode(ctx, flow, state, again)
          : showForm(ctx, pathOf(paths.password, flow.uid), flow, state, again),
      /** Sets the password. A repeated submission of the same form finds it set. */
      async submit(ctx, { password = '' }, flow, { mobile, code }) {
        refuseIf(password === '' ? [{ field: 'password', code: 'NEW_PASSWORD_MISSING' }] : []);
        try {
          await deps.passwordChange.resetByCode({ mobile, code, next: password, origin: deps.originOf(ctx) });
        } catch (error) {
          const isCodeWrong = error instanceof AppError && error.code === 'CODE_WRONG';
          if (!isCodeWrong || !(await codes.usedBy(mobile, code, browserOf(guard, ctx)))) throw error;
        }
        const address = await next(ctx, flow, mobile);
        stepCookie.clear(ctx, flow.path);
        return address;
      },
    });
    router.get(paths.sent, (ctx) => at(ctx, showSent));
    router.post(paths.sent, (ctx) => at(ctx, sendAgain));
  }

  for (const context of contexts) addRecovery(context);
  router.get(FORGOT_PASSWORD_PATHS.done, async (ctx) => {
    if (!(await deps.arrivals.begin(ctx))) show(ctx, 'steps/done', { outcome: 'recovered' });
  });
  return router.routes() as unknown as Middleware;
}
