import type Router from '@koa/router';
import type { Context } from 'koa';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { Channels } from '../../domain/messages/channels.ts';
import { minutesOf, parseCode } from '../../domain/one-time-codes/one-time-code.ts';
import type { OneTimeCodes } from '../../domain/one-time-codes/one-time-codes.ts';
import { parseEmail } from '../../domain/values/email.ts';
import { nationalMobile, parseMobile } from '../../domain/values/mobile.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import type { Clock } from '../../lib/clock.ts';
import { browserOf } from '../kit/browser-of.ts';
import { formFailure } from '../kit/form-failure.ts';
import { pageLocale, type Show } from '../kit/show.ts';
import { type ReadSubmitted, seeOther } from '../kit/submitted.ts';
import type { FormError } from '../page-data/page-data.ts';
import type { CodePurpose, MobileData } from '../page-data/steps-data.ts';
import { otherMethods } from './other-methods.ts';
import { type Flow, type FlowContext, frameOf, type StepCookie, type StepState } from './steps.ts';
import type { VerifiedMobile } from './verified-mobile.ts';

export interface CodeStepsDeps {
  codes: Pick<OneTimeCodes, 'request' | 'askedBy'>;
  channels: Channels;
  stepCookie: StepCookie;
  submitted: ReadSubmitted;
  guard: FormGuard;
  show: Show;
  clock: Clock;
  originOf: (ctx: Context) => Origin;
  /** ISO 3166-1 codes of the countries whose mobiles are accepted. */
  countries: readonly string[];
  /** Seconds that a code works. */
  lifetime: number;
  /** Seconds between two codes. */
  resendAfter: number;
}

export interface CodeSteps {
  purpose: CodePurpose;
  /** For an e-mail in place of a mobile: where it leads, or undefined when it is none. */
  byEmail?: ((ctx: Context, flow: Flow, typed: string) => Promise<string | undefined>) | undefined;
  /** Checks the code: the address of what comes next. Throws `CODE_WRONG`, `CONTACT_TAKEN`, `TOO_MANY_ATTEMPTS`. */
  entered(ctx: Context, flow: Flow, state: VerifiedMobile): Promise<string>;
}

const CODE_FAILURES = ['CODE_WRONG', 'CONTACT_TAKEN', 'TOO_MANY_ATTEMPTS'] as const;

type Accepts = MobileData['accepts'];

/** Undefined where nothing can be sent. */
function acceptedBy({ mobile, email }: { mobile: boolean; email: boolean }): Accepts | undefined {
  if (mobile) return email ? 'either' : 'mobile';
  return email ? 'email' : undefined;
}

/** What is said of an empty field, and of one that cannot be read. */
const COMPLAINTS: Readonly<Record<Accepts, readonly [FormError['code'], FormError['code']]>> = {
  mobile: ['MOBILE_MISSING', 'INVALID_MOBILE'],
  email: ['EMAIL_MISSING', 'INVALID_EMAIL'],
  either: ['MOBILE_OR_EMAIL_WRONG', 'MOBILE_OR_EMAIL_WRONG'],
};

/** Shows the page of the code again, with what went wrong; the code that was typed before is forgotten. */
export type ShowCode = (
  ctx: Context,
  flow: Flow,
  state: StepState,
  errors?: FormError[],
  status?: number,
) => void;

/**
 * The steps that verify a mobile: its number, then the code that is sent to it. The pages and responses do
 * not reveal whether an account has the number. Every address can be loaded again, and every form be sent twice.
 */
export function addCodeSteps(
  router: Router,
  { pattern, at }: FlowContext,
  deps: CodeStepsDeps,
  steps: CodeSteps,
): ShowCode {
  const { codes, channels, stepCookie, submitted, guard, show, clock } = deps;
  const { purpose } = steps;
  const byEmail = channels.has('mail') ? steps.byEmail : undefined;
  const accepts = acceptedBy({ mobile: channels.has('sms'), email: byEmail !== undefined });
  /** A number to register is not yet a name to sign in with. */
  const field = purpose === 'register' ? 'mobile' : 'login';

  function showCannotSend(ctx: Context, flow: Flow): void {
    const { signInAddress } = otherMethods(purpose, flow, channels);
    const data = { ...frameOf(flow), signInAddress, purpose, csrf: guard.token(ctx) };
    show(ctx, 'steps/cannot-send', data, { uiLocales: flow.signIn?.uiLocales, address: flow.path });
  }

  function showMobile(ctx: Context, flow: Flow, typed: string, errors: FormError[] = [], status = 200): void {
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
      action: flow.path,
      csrf: guard.token(ctx),
      errors,
    };
    show(ctx, 'steps/mobile', data, { status, uiLocales: flow.signIn?.uiLocales, address: flow.path });
  }

  const showCode: ShowCode = (ctx, flow, state, errors = [], status = 200) => {
    const passed = (clock.now().getTime() - state.sentAt) / 1000;
    const data = {
      ...frameOf(flow),
      ...otherMethods(purpose, flow, channels),
      purpose,
      minutes: minutesOf(deps.lifetime),
      mobile: nationalMobile(state.mobile),
      reference: state.reference,
      wait: Math.max(0, Math.ceil(deps.resendAfter - passed)),
      validFor: Math.max(0, Math.floor(deps.lifetime - passed)),
      action: `${flow.path}/code`,
      againAction: `${flow.path}/again`,
      mobileAddress: flow.path,
      csrf: guard.token(ctx),
      errors,
    };
    show(ctx, 'steps/code', data, { status, uiLocales: flow.signIn?.uiLocales, address: data.action });
  };

  async function ask(ctx: Context, flow: Flow, mobile: string): Promise<void> {
    const asker = { address: deps.originOf(ctx).address, browser: browserOf(guard, ctx) };
    const locale = pageLocale(ctx, flow.signIn?.uiLocales);
    const { reference } = await codes.request({ mobile, purpose, locale, asker });
    stepCookie.write(ctx, flow.path, {
      mobile,
      reference,
      sentAt: clock.now().getTime(),
      originalUrl: flow.originalUrl,
    });
  }

  /** The same form sent twice: the code is on its way, and the first answer may never be seen. */
  async function isOnItsWay(ctx: Context, flow: Flow, mobile: string): Promise<boolean> {
    if (!(await codes.askedBy(mobile, browserOf(guard, ctx)))) return false;
    const known = stepCookie.read(ctx, flow.path);
    if (known?.mobile !== mobile)
      stepCookie.write(ctx, flow.path, {
        mobile,
        sentAt: clock.now().getTime(),
        originalUrl: flow.originalUrl,
      });
    return true;
  }

  async function receiveMobile(ctx: Context, flow: Flow): Promise<void> {
    const typed = (await submitted(ctx))[field]?.trim() ?? '';
    if (!accepts) return seeOther(ctx, flow.path);
    const mobile = accepts === 'email' ? undefined : parseMobile(typed, { countries: deps.countries });
    if (mobile === undefined) {
      const elsewhere = await byEmail?.(ctx, flow, typed);
      if (elsewhere !== undefined) return seeOther(ctx, elsewhere);
      const [missing, wrong] = COMPLAINTS[accepts];
      return showMobile(ctx, flow, typed, [{ field, code: typed ? wrong : missing }], 400);
    }
    try {
      await ask(ctx, flow, mobile);
    } catch (error) {
      const { errors, status } = formFailure(ctx, error, ['TOO_MANY_ATTEMPTS']);
      if (!(await isOnItsWay(ctx, flow, mobile))) return showMobile(ctx, flow, typed, errors, status);
      ctx.remove('Retry-After');
    }
    seeOther(ctx, `${flow.path}/code`);
  }

  /** Runs a step that needs a number; without one the person is at the first step. */
  const withMobile =
    (step: (ctx: Context, flow: Flow, state: StepState) => Promise<void> | void) =>
    (ctx: Context, flow: Flow): Promise<void> | void => {
      const state = stepCookie.read(ctx, flow.path);
      return state ? step(ctx, flow, state) : seeOther(ctx, flow.path);
    };

  async function receiveCode(ctx: Context, flow: Flow, state: StepState): Promise<void> {
    const code = parseCode((await submitted(ctx)).code ?? '');
    if (code === undefined)
      return showCode(ctx, flow, state, [{ field: 'code', code: 'SMS_CODE_MISSING' }], 400);
    try {
      seeOther(ctx, await steps.entered(ctx, flow, { ...state, code }));
    } catch (error) {
      const { errors, status } = formFailure(ctx, error, CODE_FAILURES);
      showCode(ctx, flow, state, errors, status);
    }
  }

  async function askAgain(ctx: Context, flow: Flow, state: StepState): Promise<void> {
    await submitted(ctx);
    try {
      await ask(ctx, flow, state.mobile);
      seeOther(ctx, `${flow.path}/code`);
    } catch (error) {
      const { errors, status } = formFailure(ctx, error, ['TOO_MANY_ATTEMPTS']);
      showCode(ctx, flow, state, errors, status);
    }
  }

  /** Who should sign in, as far as this form can take it. */
  function hinted({ signIn }: Flow): string {
    const hint = signIn?.loginHint || (signIn?.known?.mobile ?? '');
    if (accepts === 'email') return parseEmail(hint)?.value ?? '';
    const mobile = parseMobile(hint, { countries: deps.countries });
    if (mobile !== undefined) return nationalMobile(mobile);
    return byEmail ? hint : '';
  }

  router.get(pattern, (ctx) => at(ctx, (_, flow) => showMobile(ctx, flow, hinted(flow))));
  router.post(pattern, (ctx) => at(ctx, receiveMobile));
  router.get(`${pattern}/code`, (ctx) => at(ctx, withMobile(showCode)));
  router.post(`${pattern}/code`, (ctx) => at(ctx, withMobile(receiveCode)));
  router.post(`${pattern}/again`, (ctx) => at(ctx, withMobile(askAgain)));
  return showCode;
}
