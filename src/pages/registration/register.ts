import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { Titles } from '../../domain/accounts/titles.ts';
import type { OneTimeCodes } from '../../domain/one-time-codes/one-time-codes.ts';
import type { Registration } from '../../domain/registration/registration.ts';
import { nationalMobile } from '../../domain/values/mobile.ts';
import { AppError } from '../../errors/app-error.ts';
import { browserOf } from '../kit/browser-of.ts';
import { formFailure } from '../kit/form-failure.ts';
import type { Once } from '../kit/idempotent-form.ts';
import { pageLocale } from '../kit/show.ts';
import { seeOther } from '../kit/submitted.ts';
import { calendarDay } from '../page-data/days.ts';
import type { FormError } from '../page-data/page-data.ts';
import type { Arrivals } from '../steps/arrival.ts';
import { addCodeSteps, type CodeStepsDeps } from '../steps/code-steps.ts';
import { type Flow, type FlowContext, frameOf, type StepState } from '../steps/steps.ts';
import { rememberCode, type VerifiedMobile, withVerifiedMobile } from '../steps/verified-mobile.ts';
import { readPerson, typedPerson } from './registration-form.ts';

export interface RegisterDeps extends CodeStepsDeps {
  codes: OneTimeCodes;
  registration: Pick<Registration, 'register' | 'passwordProblem'>;
  titles: Titles;
  timeZone: string;
  passwordLeast: number;
  once: Once;
  arrivals: Pick<Arrivals, 'begin'>;
  termsUri: string | undefined;
  privacyUri: string | undefined;
}

const FIELDS = ['thaiId', 'email'] as const;
const WHOLE = ['CODE_WRONG', 'CONTACT_TAKEN', 'NATIONAL_ID_TAKEN', 'TOO_MANY_ATTEMPTS'] as const;

/** The pages on which a person registers: a mobile, its code, then name, birthday, national id and password. */
export function registerPages(contexts: readonly FlowContext[], deps: RegisterDeps): Middleware {
  const { registration, codes, stepCookie, guard, show, clock, timeZone } = deps;
  const router = new Router({ strict: true, sensitive: true });

  async function showForm(
    ctx: Context,
    flow: Flow,
    state: StepState,
    { typed = typedPerson(), errors = [] as FormError[], status = 200 } = {},
  ): Promise<void> {
    const { passwordLeast, termsUri, privacyUri } = deps;
    const action = `${flow.path}/details`;
    const data = {
      ...frameOf(flow),
      ...{ action, typed, errors, passwordLeast, termsUri, privacyUri },
      csrf: guard.token(ctx),
      mobile: nationalMobile(state.mobile),
      mailsLink: deps.channels.has('mail'),
      titles: await deps.titles.list(),
      today: calendarDay(clock.now(), timeZone),
    };
    show(ctx, 'registration/register', data, { status, uiLocales: flow.signIn?.uiLocales, address: action });
  }

  function addRegistration(context: FlowContext): void {
    const { pattern, at, goOn } = context;
    const showCode = addCodeSteps(router, context, deps, {
      purpose: 'register',
      entered: (ctx, flow, state) =>
        rememberCode(deps, { ctx, flow, state }, { purpose: 'register', next: 'details' }),
    });

    /** Registers; the same form sent twice finds its account there. */
    async function register(ctx: Context, flow: Flow, state: VerifiedMobile): Promise<void> {
      const form = await deps.submitted(ctx);
      const { mobile, code } = state;
      const titleIds = (await deps.titles.list()).map(({ id }) => id);
      const rules = { mobile, titleIds, today: clock.now(), timeZone, terms: deps.termsUri !== undefined };
      const read = readPerson(form, { ...rules, policy: registration.passwordProblem });
      if ('errors' in read)
        return showForm(ctx, flow, state, { typed: typedPerson(form), errors: read.errors, status: 400 });
      const next = await deps.once(ctx, form, async () => {
        try {
          await registration.register({
            ...read.person,
            mobile,
            code,
            registerChannel: 'WEB',
            registerClientId: flow.signIn?.clientId,
            locale: pageLocale(ctx, flow.signIn?.uiLocales),
            origin: deps.originOf(ctx),
          });
        } catch (error) {
          const isCodeWrong = error instanceof AppError && error.code === 'CODE_WRONG';
          if (!isCodeWrong || !(await codes.usedBy(mobile, code, browserOf(guard, ctx)))) {
            const failure = formFailure(ctx, error, WHOLE, FIELDS);
            if (isCodeWrong) await showCode(ctx, flow, state, failure.errors, failure.status);
            else await showForm(ctx, flow, state, { typed: typedPerson(form), ...failure });
            return undefined;
          }
        }
        const after = await goOn(ctx, flow, mobile);
        stepCookie.clear(ctx, flow.path);
        return after;
      });
      if (next !== undefined) seeOther(ctx, next);
    }

    router.get(`${pattern}/details`, (ctx) => at(ctx, withVerifiedMobile(stepCookie, showForm)));
    router.post(`${pattern}/details`, (ctx) => at(ctx, withVerifiedMobile(stepCookie, register)));
  }

  for (const context of contexts) addRegistration(context);
  router.get('/register/done', async (ctx) => {
    if (!(await deps.arrivals.begin(ctx))) show(ctx, 'steps/done', { outcome: 'registered' });
  });
  return router.routes() as unknown as Middleware;
}
