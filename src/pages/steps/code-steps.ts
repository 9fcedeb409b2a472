import type Router from '@koa/router';
import type { Context } from 'koa';
import type { Channels } from '../../domain/messages/channels.ts';
import { minutesOf, parseCode } from '../../domain/one-time-codes/one-time-code.ts';
import { nationalMobile, parseMobile } from '../../domain/values/mobile.ts';
import { AppError } from '../../errors/app-error.ts';
import type { BotCheck } from '../kit/bot-check.ts';
import { type CodeLifetimes, codeTimes } from '../kit/code-times.ts';
import { FormRefused } from '../kit/form-errors.ts';
import { type Again, addFormPage, takeForm, withWait } from '../kit/form-page.ts';
import { pathOf } from '../kit/paths.ts';
import type { Show } from '../kit/show.ts';
import { type ReadSubmitted, seeOther } from '../kit/submitted.ts';
import type { CodePurpose } from '../page-data/steps-data.ts';
import { acceptedBy, COMPLAINTS, hinted } from './accepted-contact.ts';
import { type CodeRequestsDeps, codeRequests } from './code-requests.ts';
import { otherMethods } from './other-methods.ts';
import { type Flow, type FlowContext, frameOf, type StepState } from './steps.ts';
import type { VerifiedMobile } from './verified-mobile.ts';

export interface CodeStepsDeps extends CodeRequestsDeps, CodeLifetimes {
  channels: Channels;
  submitted: ReadSubmitted;
  show: Show;
  botCheck: BotCheck;
  /** ISO 3166-1 codes of the countries whose mobiles are accepted. */
  countries: readonly string[];
}

export interface CodeSteps {
  purpose: CodePurpose;
  /** For an e-mail instead of a mobile. Returns the next address, or undefined if the text is not an e-mail address. */
  byEmail?: ((ctx: Context, flow: Flow, typed: string) => Promise<string | undefined>) | undefined;
  /** Checks the code and returns the next address. Throws `CODE_WRONG`, `CONTACT_TAKEN`, `TOO_MANY_ATTEMPTS`. */
  entered(ctx: Context, flow: Flow, state: VerifiedMobile): Promise<string>;
}

/** Shows the page of the code again, with the error. The code that was typed before is discarded. */
export type ShowCode = (ctx: Context, flow: Flow, state: StepState, again?: Partial<Again>) => void;

/**
 * The steps that verify a mobile: its number, then the code that is sent to it. The pages and responses do not reveal
 * whether an account has the number. Every address can be reloaded, and every form can be submitted twice.
 */
export function addCodeSteps(
  router: Router,
  { paths, at }: FlowContext,
  deps: CodeStepsDeps,
  steps: CodeSteps,
): ShowCode {
  const { channels, stepCookie, submitted, guard, show, clock } = deps;
  const { purpose } = steps;
  const byEmail = channels.has('mail') ? steps.byEmail : undefined;
  const accepts = acceptedBy({ mobile: channels.has('sms'), email: byEmail !== undefined });
  /** A number that is being registered is not yet an identifier to sign in with. */
  const field = purpose === 'register' ? 'mobile' : 'login';

  function showCannotSend(ctx: Context, flow: Flow): void {
    const { signInAddress } = otherMethods(purpose, flow, channels);
    const data = { ...frameOf(flow), signInAddress, purpose, csrf: guard.token(ctx) };
    show(ctx, 'steps/cannot-send', data, { uiLocales: flow.signIn?.uiLocales, address: flow.path });
  }

  function showMobile(
    ctx: Context,
    flow: Flow,
    typed: string,
    { errors = [], status = 200 }: Partial<Again> = {},
  ): void {
    if (!accepts) {
      showCannotSend(ctx, flow);
      return;
    }
    const data = {
      ...frameOf(flow),
      ...otherMethods(purpose, flow, channels),
      purpose,
      typed,
      accepts,
      providers: purpose === 'register' ? flow.providers : undefined,
      action: flow.path,
      botCheck: deps.botCheck.widget(purpose),
      csrf: guard.token(ctx),
      errors,
    };
    show(ctx, 'steps/mobile', data, { status, uiLocales: flow.signIn?.uiLocales, address: flow.path });
  }

  const showCode: ShowCode = (ctx, flow, state, { errors = [], status = 200 } = {}) => {
    const data = {
      ...frameOf(flow),
      ...otherMethods(purpose, flow, channels),
      purpose,
      minutes: minutesOf(deps.lifetime),
      mobile: nationalMobile(state.mobile),
      reference: state.reference,
      ...codeTimes(deps, state.sentAt, clock.now()),
      action: pathOf(paths.code, flow.uid),
      againAction: pathOf(paths.again, flow.uid),
      mobileAddress: flow.path,
      csrf: guard.token(ctx),
      errors,
    };
    show(ctx, 'steps/code', data, { status, uiLocales: flow.signIn?.uiLocales, address: data.action });
  };

  const { ask, isOnItsWay } = codeRequests(deps, purpose);

  /** Runs a step that needs a number. Without one, redirects to the first step. */
  const withMobile =
    (step: (ctx: Context, flow: Flow, state: StepState) => Promise<void> | void) =>
    (ctx: Context, flow: Flow): Promise<void> | void => {
      const state = stepCookie.read(ctx, flow.path);
      return state ? step(ctx, flow, state) : seeOther(ctx, flow.path);
    };

  addFormPage<[Flow]>(router, {
    path: paths.mobile,
    read: submitted,
    explains: ['TOO_MANY_ATTEMPTS'],
    at,
    show: (ctx, [flow], again) =>
      showMobile(
        ctx,
        flow,
        again ? (again.sent?.[field]?.trim() ?? '') : hinted(flow, accepts, deps.countries),
        again,
      ),
    async submit(ctx, sent, flow) {
      const typed = sent[field]?.trim() ?? '';
      if (!accepts) return flow.path;
      await deps.botCheck.require(ctx, sent, purpose);
      const mobile = accepts === 'email' ? undefined : parseMobile(typed, { countries: deps.countries });
      if (mobile === undefined) {
        const elsewhere = await byEmail?.(ctx, flow, typed);
        if (elsewhere !== undefined) return elsewhere;
        const [missing, wrong] = COMPLAINTS[accepts];
        throw new FormRefused([{ field, code: typed ? wrong : missing }]);
      }
      try {
        await ask(ctx, flow, mobile);
      } catch (error) {
        const isLimited = error instanceof AppError && error.code === 'TOO_MANY_ATTEMPTS';
        if (!isLimited || !(await isOnItsWay(ctx, flow, mobile))) throw error;
      }
      return pathOf(paths.code, flow.uid);
    },
  });

  addFormPage<[Flow, StepState]>(router, {
    path: paths.code,
    read: submitted,
    explains: ['CODE_WRONG', 'CONTACT_TAKEN', 'TOO_MANY_ATTEMPTS'],
    at: (ctx, run) => at(ctx, withMobile(run)),
    show: (ctx, [flow, state], again) => showCode(ctx, flow, state, again),
    async submit(ctx, sent, flow, state) {
      const code = parseCode(sent.code ?? '');
      if (code === undefined) throw new FormRefused([{ field: 'code', code: 'SMS_CODE_MISSING' }]);
      return steps.entered(ctx, flow, { ...state, code });
    },
  });

  const askAgain = (ctx: Context, flow: Flow, state: StepState): Promise<void> =>
    takeForm(ctx, {
      read: submitted,
      explains: ['TOO_MANY_ATTEMPTS'],
      async submit() {
        await ask(ctx, flow, state.mobile);
        return pathOf(paths.code, flow.uid);
      },
      showAgain: (again) => showCode(ctx, flow, state, withWait(again)),
    });
  router.post(paths.again, (ctx) => at(ctx, withMobile(askAgain)));
  return showCode;
}
