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
import { otherMethods } from '../steps/other-methods.ts';
import { addProofSteps, type ProofStepsDeps } from '../steps/proof-steps.ts';
import { type Proved, proved, rememberCode } from '../steps/proved.ts';
import { type FlowContext, frameOf, type Place, type Proof } from '../steps/steps.ts';
import type { ReturnTo } from './return-to.ts';

/** A mail that was requested: what the page after it names. */
export interface MailAsked {
  email: string;
}

export interface ForgotPasswordDeps extends ProofStepsDeps {
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
export function forgotPasswordPages(places: readonly FlowContext[], deps: ForgotPasswordDeps): Middleware {
  const { passwordReset, codes, proofs, mailsAsked, guard, show } = deps;
  const router = new Router({ strict: true, sensitive: true });

  async function byEmail(ctx: Context, place: Place, typed: string): Promise<string | undefined> {
    const email = parseEmail(typed)?.value;
    return email === undefined ? undefined : mail(ctx, place, email);
  }

  /** The same answer whether or not an account has the address, and past the limit on mails. */
  async function mail(ctx: Context, place: Place, email: string): Promise<string> {
    const locale = pageLocale(ctx, place.signIn?.uiLocales);
    const { originalUrl } = place;
    const query: Record<string, string> = originalUrl ? { resume: deps.returnTo.seal(originalUrl) } : {};
    await passwordReset.request({ email, resetUri: RESET_PAGE, locale, query, origin: deps.originOf(ctx) });
    mailsAsked.write(ctx, place.path, { email });
    return `${place.path}/sent`;
  }

  function showSent(ctx: Context, place: Place): void {
    const asked = mailsAsked.read(ctx, place.path);
    if (!asked) {
      seeOther(ctx, place.path);
      return;
    }
    const { signInAddress } = otherMethods('reset', place, deps.channels);
    const data = {
      ...{ email: asked.email, again: ctx.query.again === 'yes', signInAddress },
      ...{ client: place.signIn?.client, otherAddress: place.path },
      ...{ action: `${place.path}/sent`, csrf: guard.token(ctx) },
    };
    show(ctx, 'recovery/mail-sent', data, { uiLocales: place.signIn?.uiLocales });
  }

  async function sendAgain(ctx: Context, place: Place): Promise<void> {
    await deps.submitted(ctx);
    const asked = mailsAsked.read(ctx, place.path);
    seeOther(ctx, asked ? `${await mail(ctx, place, asked.email)}?again=yes` : place.path);
  }

  function showForm(ctx: Context, place: Place, proof: Proof, errors: FormError[] = [], status = 200): void {
    const action = `${place.path}/password`;
    const data = {
      ...frameOf(place),
      action,
      errors,
      csrf: guard.token(ctx),
      login: nationalMobile(proof.mobile),
      passwordLeast: deps.passwordLeast,
    };
    show(ctx, 'steps/new-password', data, { status, uiLocales: place.signIn?.uiLocales, address: action });
  }

  function addRecovery(flow: FlowContext): void {
    const { pattern, at, goOn } = flow;
    const showCode = addProofSteps(router, flow, deps, {
      purpose: 'reset',
      byEmail,
      entered: (ctx, place, proof) =>
        rememberCode(deps, { ctx, place, proof }, { purpose: 'reset', next: 'password' }),
    });

    /** The session that such a sign-in began with has just ended with everything else of the account. */
    const next = async (ctx: Context, place: Place, mobile: string): Promise<string> =>
      (place.signIn?.reauthenticate ? place.originalUrl : undefined) ?? goOn(ctx, place, mobile);

    /** Sets the password; the same form sent twice finds it set. */
    async function setPassword(ctx: Context, place: Place, proof: Proved): Promise<void> {
      const { mobile, code } = proof;
      const { password = '' } = await deps.submitted(ctx);
      if (password === '')
        return showForm(ctx, place, proof, [{ field: 'password', code: 'NEW_PASSWORD_MISSING' }], 400);
      try {
        await deps.passwordChange.resetByCode({ mobile, code, next: password, origin: deps.originOf(ctx) });
      } catch (error) {
        const isCodeWrong = error instanceof AppError && error.code === 'CODE_WRONG';
        if (!isCodeWrong || !(await codes.usedBy(mobile, code, browserOf(guard, ctx)))) {
          const { errors, status } = formFailure(ctx, error, ['CODE_WRONG', 'TOO_MANY_ATTEMPTS']);
          return isCodeWrong
            ? showCode(ctx, place, proof, errors, status)
            : showForm(ctx, place, proof, errors, status);
        }
      }
      const address = await next(ctx, place, mobile);
      proofs.clear(ctx, place.path);
      seeOther(ctx, address);
    }

    router.get(`${pattern}/password`, (ctx) => at(ctx, proved(proofs, showForm)));
    router.post(`${pattern}/password`, (ctx) => at(ctx, proved(proofs, setPassword)));
    router.get(`${pattern}/sent`, (ctx) => at(ctx, showSent));
    router.post(`${pattern}/sent`, (ctx) => at(ctx, sendAgain));
  }

  for (const place of places) addRecovery(place);
  router.get('/forgot-password/done', async (ctx) => {
    if (!(await deps.arrivals.begin(ctx))) show(ctx, 'steps/done', { outcome: 'recovered' });
  });
  return router.routes() as unknown as Middleware;
}
