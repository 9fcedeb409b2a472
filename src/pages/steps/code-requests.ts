import type { Context } from 'koa';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { OneTimeCodes } from '../../domain/one-time-codes/one-time-codes.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import type { Clock } from '../../lib/clock.ts';
import { browserOf } from '../kit/browser-of.ts';
import { pageLocale } from '../kit/show.ts';
import type { CodePurpose } from '../page-data/steps-data.ts';
import type { Flow, StepCookie } from './steps.ts';

export interface CodeRequestsDeps {
  codes: Pick<OneTimeCodes, 'request' | 'askedBy'>;
  stepCookie: StepCookie;
  guard: FormGuard;
  clock: Clock;
  originOf: (ctx: Context) => Origin;
}

/** Sends codes, and stores their recipient in the state of the steps. */
export function codeRequests(deps: CodeRequestsDeps, purpose: CodePurpose) {
  const { codes, stepCookie, guard, clock } = deps;

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

  /**
   * Handles a repeated submission of a form: the code has already been sent, and the browser may never receive the
   * first response.
   */
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

  return { ask, isOnItsWay };
}
