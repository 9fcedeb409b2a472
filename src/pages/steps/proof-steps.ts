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
import type { MobileData, ProofPurpose } from '../page-data/steps-data.ts';
import { otherMethods } from './other-methods.ts';
import type { Proved } from './proved.ts';
import { type FlowContext, frameOf, type Place, type Proof, type ProofCookie } from './steps.ts';

export interface ProofStepsDeps {
  codes: Pick<OneTimeCodes, 'request' | 'askedBy'>;
  channels: Channels;
  proofs: ProofCookie;
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

export interface ProofSteps {
  purpose: ProofPurpose;
  /** For an e-mail in place of a mobile: where it leads, or undefined when it is none. */
  byEmail?: ((ctx: Context, place: Place, typed: string) => Promise<string | undefined>) | undefined;
  /** Checks the code: the address of what comes next. Throws `CODE_WRONG`, `CONTACT_TAKEN`, `TOO_MANY_ATTEMPTS`. */
  entered(ctx: Context, place: Place, proof: Proved): Promise<string>;
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
  place: Place,
  proof: Proof,
  errors?: FormError[],
  status?: number,
) => void;

/**
 * The steps that prove a mobile: its number, then the code that is sent to it. The pages and responses do
 * not reveal whether an account has the number. Every address can be loaded again, and every form be sent twice.
 */
export function addProofSteps(
  router: Router,
  { pattern, at }: FlowContext,
  deps: ProofStepsDeps,
  steps: ProofSteps,
): ShowCode {
  const { codes, channels, proofs, submitted, guard, show, clock } = deps;
  const { purpose } = steps;
  const byEmail = channels.has('mail') ? steps.byEmail : undefined;
  const accepts = acceptedBy({ mobile: channels.has('sms'), email: byEmail !== undefined });
  /** A number to register is not yet a name to sign in with. */
  const field = purpose === 'register' ? 'mobile' : 'login';

  function showCannotSend(ctx: Context, place: Place): void {
    const { signInAddress } = otherMethods(purpose, place, channels);
    const data = { ...frameOf(place), signInAddress, purpose, csrf: guard.token(ctx) };
    show(ctx, 'steps/cannot-send', data, { uiLocales: place.signIn?.uiLocales, address: place.path });
  }

  function showMobile(
    ctx: Context,
    place: Place,
    typed: string,
    errors: FormError[] = [],
    status = 200,
  ): void {
    if (!accepts) {
      showCannotSend(ctx, place);
      return;
    }
    const data = {
      ...frameOf(place),
      ...otherMethods(purpose, place, channels),
      purpose,
      typed,
      accepts,
      action: place.path,
      csrf: guard.token(ctx),
      errors,
    };
    show(ctx, 'steps/mobile', data, { status, uiLocales: place.signIn?.uiLocales, address: place.path });
  }

  const showCode: ShowCode = (ctx, place, proof, errors = [], status = 200) => {
    const passed = (clock.now().getTime() - proof.sentAt) / 1000;
    const data = {
      ...frameOf(place),
      ...otherMethods(purpose, place, channels),
      purpose,
      minutes: minutesOf(deps.lifetime),
      mobile: nationalMobile(proof.mobile),
      reference: proof.reference,
      wait: Math.max(0, Math.ceil(deps.resendAfter - passed)),
      action: `${place.path}/code`,
      againAction: `${place.path}/again`,
      mobileAddress: place.path,
      csrf: guard.token(ctx),
      errors,
    };
    show(ctx, 'steps/code', data, { status, uiLocales: place.signIn?.uiLocales, address: data.action });
  };

  async function ask(ctx: Context, place: Place, mobile: string): Promise<void> {
    const asker = { address: deps.originOf(ctx).address, browser: browserOf(guard, ctx) };
    const locale = pageLocale(ctx, place.signIn?.uiLocales);
    const { reference } = await codes.request({ mobile, purpose, locale, asker });
    proofs.write(ctx, place.path, {
      mobile,
      reference,
      sentAt: clock.now().getTime(),
      originalUrl: place.originalUrl,
    });
  }

  /** The same form sent twice: the code is on its way, and the first answer may never be seen. */
  async function isOnItsWay(ctx: Context, place: Place, mobile: string): Promise<boolean> {
    if (!(await codes.askedBy(mobile, browserOf(guard, ctx)))) return false;
    const known = proofs.read(ctx, place.path);
    if (known?.mobile !== mobile)
      proofs.write(ctx, place.path, {
        mobile,
        sentAt: clock.now().getTime(),
        originalUrl: place.originalUrl,
      });
    return true;
  }

  async function receiveMobile(ctx: Context, place: Place): Promise<void> {
    const typed = (await submitted(ctx))[field]?.trim() ?? '';
    if (!accepts) return seeOther(ctx, place.path);
    const mobile = accepts === 'email' ? undefined : parseMobile(typed, { countries: deps.countries });
    if (mobile === undefined) {
      const elsewhere = await byEmail?.(ctx, place, typed);
      if (elsewhere !== undefined) return seeOther(ctx, elsewhere);
      const [missing, wrong] = COMPLAINTS[accepts];
      return showMobile(ctx, place, typed, [{ field, code: typed ? wrong : missing }], 400);
    }
    try {
      await ask(ctx, place, mobile);
    } catch (error) {
      const { errors, status } = formFailure(ctx, error, ['TOO_MANY_ATTEMPTS']);
      if (!(await isOnItsWay(ctx, place, mobile))) return showMobile(ctx, place, typed, errors, status);
      ctx.remove('Retry-After');
    }
    seeOther(ctx, `${place.path}/code`);
  }

  /** Runs a step that needs a number; without one the person is at the first step. */
  const withProof =
    (step: (ctx: Context, place: Place, proof: Proof) => Promise<void> | void) =>
    (ctx: Context, place: Place): Promise<void> | void => {
      const proof = proofs.read(ctx, place.path);
      return proof ? step(ctx, place, proof) : seeOther(ctx, place.path);
    };

  async function receiveCode(ctx: Context, place: Place, proof: Proof): Promise<void> {
    const code = parseCode((await submitted(ctx)).code ?? '');
    if (code === undefined)
      return showCode(ctx, place, proof, [{ field: 'code', code: 'SMS_CODE_MISSING' }], 400);
    try {
      seeOther(ctx, await steps.entered(ctx, place, { ...proof, code }));
    } catch (error) {
      const { errors, status } = formFailure(ctx, error, CODE_FAILURES);
      showCode(ctx, place, proof, errors, status);
    }
  }

  async function askAgain(ctx: Context, place: Place, proof: Proof): Promise<void> {
    await submitted(ctx);
    try {
      await ask(ctx, place, proof.mobile);
      seeOther(ctx, `${place.path}/code`);
    } catch (error) {
      const { errors, status } = formFailure(ctx, error, ['TOO_MANY_ATTEMPTS']);
      showCode(ctx, place, proof, errors, status);
    }
  }

  /** Who should sign in, as far as this form can take it. */
  function hinted({ signIn }: Place): string {
    const hint = signIn?.loginHint || (signIn?.known?.mobile ?? '');
    if (accepts === 'email') return parseEmail(hint)?.value ?? '';
    const mobile = parseMobile(hint, { countries: deps.countries });
    if (mobile !== undefined) return nationalMobile(mobile);
    return byEmail ? hint : '';
  }

  router.get(pattern, (ctx) => at(ctx, (_, place) => showMobile(ctx, place, hinted(place))));
  router.post(pattern, (ctx) => at(ctx, receiveMobile));
  router.get(`${pattern}/code`, (ctx) => at(ctx, withProof(showCode)));
  router.post(`${pattern}/code`, (ctx) => at(ctx, withProof(receiveCode)));
  router.post(`${pattern}/again`, (ctx) => at(ctx, withProof(askAgain)));
  return showCode;
}
