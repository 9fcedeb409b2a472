import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { Titles } from '../../domain/accounts/titles.ts';
import type { OneTimeCodes } from '../../domain/one-time-codes/one-time-codes.ts';
import type { Registration } from '../../domain/registration/registration.ts';
import { nationalMobile } from '../../domain/values/mobile.ts';
import { AppError } from '../../errors/app-error.ts';
import type { SealedCookie } from '../../http/sealed-cookie.ts';
import { browserOf } from '../kit/browser-of.ts';
import { formFailure } from '../kit/form-failure.ts';
import type { Once } from '../kit/idempotent-form.ts';
import { pageLocale } from '../kit/show.ts';
import { seeOther } from '../kit/submitted.ts';
import { calendarDay } from '../page-data/days.ts';
import type { FormError } from '../page-data/page-data.ts';
import type { AskedNationalId } from '../page-data/steps-data.ts';
import type { Arrivals } from '../steps/arrival.ts';
import { addCodeSteps, type CodeStepsDeps } from '../steps/code-steps.ts';
import { type Flow, type FlowContext, frameOf, type StepState } from '../steps/steps.ts';
import { rememberCode, type VerifiedMobile, withVerifiedMobile } from '../steps/verified-mobile.ts';
import { readCredentials } from './credentials-form.ts';
import { type Identity, identityForm, readIdentity, typedIdentity } from './identity-form.ts';

/** What the first of the two forms told: the browser brings it along, sealed, to the second. */
export interface KeptIdentity {
  /** E.164; a person who verifies another number at this browser may be someone else. */
  mobile: string;
  identity: Identity;
  /** Typed into the second form before a mistake led back to the first. */
  email?: string | undefined;
}

export interface RegisterDeps extends CodeStepsDeps {
  codes: OneTimeCodes;
  registration: Pick<Registration, 'register' | 'passwordProblem'>;
  identityCookie: SealedCookie<KeptIdentity>;
  titles: Titles;
  timeZone: string;
  nationalId: AskedNationalId;
  passwordLeast: number;
  once: Once;
  arrivals: Pick<Arrivals, 'begin'>;
  termsUri: string | undefined;
  privacyUri: string | undefined;
}

const FIELDS = ['thaiId', 'email'] as const;
const WHOLE = ['CODE_WRONG', 'CONTACT_TAKEN', 'NATIONAL_ID_TAKEN', 'TOO_MANY_ATTEMPTS'] as const;

/** Of what may be typed where an e-mail is asked for: cookies are small. */
const LONGEST_EMAIL = 254;

/** A form that is shown again. */
interface Again {
  typed?: Readonly<Record<string, string>>;
  errors?: FormError[];
  status?: number;
}

/** The pages on which a person registers: a mobile, its code, who it is, then how to sign in. */
export function registerPages(contexts: readonly FlowContext[], deps: RegisterDeps): Middleware {
  const { registration, codes, stepCookie, identityCookie, guard, show, clock, timeZone } = deps;
  const router = new Router({ strict: true, sensitive: true });

  const identityAddress = (flow: Flow): string => `${flow.path}/details`;
  const credentialsAddress = (flow: Flow): string => `${flow.path}/account`;

  function keptOf(ctx: Context, flow: Flow, { mobile }: StepState): KeptIdentity | undefined {
    const kept = identityCookie.read(ctx, flow.path);
    return kept?.mobile === mobile ? kept : undefined;
  }

  async function identityRules() {
    const titleIds = (await deps.titles.list()).map(({ id }) => id);
    return { titleIds, today: clock.now(), timeZone, nationalId: deps.nationalId };
  }

  async function showIdentity(ctx: Context, flow: Flow, state: StepState, again: Again = {}): Promise<void> {
    const kept = keptOf(ctx, flow, state);
    const action = identityAddress(flow);
    const data = {
      ...frameOf(flow),
      ...{ action, errors: again.errors, nationalId: deps.nationalId },
      typed: again.typed ? typedIdentity(again.typed) : kept ? identityForm(kept.identity) : typedIdentity(),
      csrf: guard.token(ctx),
      titles: await deps.titles.list(),
      today: calendarDay(clock.now(), timeZone),
    };
    const { status = 200 } = again;
    show(ctx, 'registration/identity', data, { status, uiLocales: flow.signIn?.uiLocales, address: action });
  }

  /** Keeps who the person is, for the second form. */
  async function receiveIdentity(ctx: Context, flow: Flow, state: VerifiedMobile): Promise<void> {
    const form = await deps.submitted(ctx);
    const read = readIdentity(form, await identityRules());
    if ('errors' in read)
      return showIdentity(ctx, flow, state, { typed: form, errors: read.errors, status: 400 });
    const email = keptOf(ctx, flow, state)?.email;
    identityCookie.write(ctx, flow.path, { mobile: state.mobile, identity: read.identity, email });
    seeOther(ctx, credentialsAddress(flow));
  }

  function showCredentials(ctx: Context, flow: Flow, state: StepState, again: Again = {}): void {
    const kept = keptOf(ctx, flow, state);
    if (!kept) {
      seeOther(ctx, identityAddress(flow));
      return;
    }
    const { passwordLeast, termsUri, privacyUri } = deps;
    const { firstName, lastName } = kept.identity;
    const action = credentialsAddress(flow);
    const data = {
      ...frameOf(flow),
      ...{ action, errors: again.errors, passwordLeast, termsUri, privacyUri },
      ...{ names: [firstName, lastName], backAddress: identityAddress(flow) },
      email: again.typed?.email ?? kept.email ?? '',
      csrf: guard.token(ctx),
      mobile: nationalMobile(state.mobile),
      mailsLink: deps.channels.has('mail'),
    };
    const { status = 200 } = again;
    show(ctx, 'registration/credentials', data, {
      ...{ status, uiLocales: flow.signIn?.uiLocales, address: action },
    });
  }

  function addRegistration(context: FlowContext): void {
    const { pattern, at, goOn } = context;
    const showCode = addCodeSteps(router, context, deps, {
      purpose: 'register',
      entered: (ctx, flow, state) =>
        rememberCode(deps, { ctx, flow, state }, { purpose: 'register', next: 'details' }),
    });

    /** What cannot be put right in the second form leads back to the step where it can. */
    async function showFailure(
      ctx: Context,
      flow: Flow,
      state: VerifiedMobile,
      { error, form, kept }: { error: unknown; form: Record<string, string>; kept: KeptIdentity },
    ): Promise<void> {
      const { errors, status } = formFailure(ctx, error, WHOLE, FIELDS);
      if (error instanceof AppError && error.code === 'CODE_WRONG')
        return showCode(ctx, flow, state, errors, status);
      const ofIdentity = errors.filter(({ field }) => field === 'thaiId');
      if (ofIdentity.length === 0) return showCredentials(ctx, flow, state, { typed: form, errors, status });
      identityCookie.write(ctx, flow.path, { ...kept, email: form.email?.slice(0, LONGEST_EMAIL) });
      const typed = identityForm(kept.identity);
      return showIdentity(ctx, flow, state, { typed, errors: ofIdentity, status });
    }

    /** Registers; the same form sent twice finds its account there. */
    async function register(ctx: Context, flow: Flow, state: VerifiedMobile): Promise<void> {
      const kept = keptOf(ctx, flow, state);
      if (!kept) return seeOther(ctx, identityAddress(flow));
      const form = await deps.submitted(ctx);
      const { mobile, code } = state;
      // settings and titles may have changed since the first form
      const known = readIdentity(identityForm(kept.identity), await identityRules());
      if ('errors' in known) return showIdentity(ctx, flow, state, { errors: known.errors, status: 400 });
      const { identity } = known;
      const terms = deps.termsUri !== undefined;
      const read = readCredentials(form, { mobile, identity, policy: registration.passwordProblem, terms });
      if ('errors' in read)
        return showCredentials(ctx, flow, state, { typed: form, errors: read.errors, status: 400 });
      const next = await deps.once(ctx, form, async () => {
        try {
          await registration.register({
            ...identity,
            ...read.credentials,
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
            await showFailure(ctx, flow, state, { error, form, kept });
            return undefined;
          }
        }
        const after = await goOn(ctx, flow, mobile);
        stepCookie.clear(ctx, flow.path);
        identityCookie.clear(ctx, flow.path);
        return after;
      });
      if (next !== undefined) seeOther(ctx, next);
    }

    router.get(`${pattern}/details`, (ctx) => at(ctx, withVerifiedMobile(stepCookie, showIdentity)));
    router.post(`${pattern}/details`, (ctx) => at(ctx, withVerifiedMobile(stepCookie, receiveIdentity)));
    router.get(`${pattern}/account`, (ctx) => at(ctx, withVerifiedMobile(stepCookie, showCredentials)));
    router.post(`${pattern}/account`, (ctx) => at(ctx, withVerifiedMobile(stepCookie, register)));
  }

  for (const context of contexts) addRegistration(context);
  router.get('/register/done', async (ctx) => {
    if (!(await deps.arrivals.begin(ctx))) show(ctx, 'steps/done', { outcome: 'registered' });
  });
  return router.routes() as unknown as Middleware;
}
