import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { OneTimeCodes } from '../../domain/one-time-codes/one-time-codes.ts';
import type { Registration } from '../../domain/registration/registration.ts';
import { AppError } from '../../errors/app-error.ts';
import { browserOf } from '../kit/browser-of.ts';
import { type Again, addFormPage } from '../kit/form-page.ts';
import type { Once } from '../kit/idempotent-form.ts';
import { REGISTER_PATHS } from '../kit/paths.ts';
import { pageLocale } from '../kit/show.ts';
import { seeOther } from '../kit/submitted.ts';
import type { FormError } from '../page-data/page-data.ts';
import type { Arrivals } from '../steps/arrival.ts';
import { addCodeSteps, type CodeStepsDeps } from '../steps/code-steps.ts';
import type { Flow, FlowContext } from '../steps/steps.ts';
import { rememberCode, type VerifiedMobile, withVerifiedMobile } from '../steps/verified-mobile.ts';
import { readCredentials } from './credentials-form.ts';
import { IDENTITY_FIELDS, identityForm, readIdentity } from './identity-form.ts';
import {
  type EnteredIdentity,
  type RegisterPaths,
  type RegistrationFormsDeps,
  registrationForms,
} from './registration-forms.ts';

export interface RegisterDeps extends CodeStepsDeps, RegistrationFormsDeps {
  guard: CodeStepsDeps['guard'];
  codes: OneTimeCodes;
  registration: Pick<Registration, 'register' | 'passwordProblem'>;
  once: Once;
  arrivals: Pick<Arrivals, 'begin'>;
}

/** What the second form explains, itself or by the step that it leads back to. */
const EXPLAINED = ['CODE_WRONG', 'CONTACT_TAKEN', 'NATIONAL_ID_TAKEN', 'TOO_MANY_ATTEMPTS'] as const;

/** Of what may be typed where an e-mail is asked for: cookies are small. */
const LONGEST_EMAIL = 254;

/** Of what the second form was refused for: what only the first one can put right. */
const aboutIdentity = (errors: readonly FormError[]): FormError[] =>
  errors
    .map((error) => (error.code === 'NATIONAL_ID_TAKEN' ? { ...error, field: 'thaiId' as const } : error))
    .filter(({ field }) => field !== undefined && IDENTITY_FIELDS.includes(field));

/** `/register`: the pages on which a person registers: a mobile, its code, who it is, then how to sign in. */
export function registerPages(
  contexts: readonly FlowContext<RegisterPaths>[],
  deps: RegisterDeps,
): Middleware {
  const { registration, codes, stepCookie, identityCookie, guard, show } = deps;
  const router = new Router({ strict: true, sensitive: true });

  async function identityRules() {
    const titleIds = (await deps.titles.list()).map(({ id }) => id);
    return { titleIds, today: deps.clock.now(), timeZone: deps.timeZone, nationalId: deps.nationalId };
  }

  function addRegistration(context: FlowContext<RegisterPaths>): void {
    const { paths, at, goOn } = context;
    const forms = registrationForms(deps, paths);
    const showCode = addCodeSteps(router, context, deps, {
      purpose: 'register',
      entered: (ctx, flow, state) =>
        rememberCode(deps, { ctx, flow, state }, { purpose: 'register', next: paths.details }),
    });

    addFormPage<[Flow, VerifiedMobile]>(router, {
      path: paths.details,
      read: deps.submitted,
      explains: [],
      at: (ctx, run) => at(ctx, withVerifiedMobile(stepCookie, paths.code, run)),
      show: (ctx, [flow, state], again) =>
        forms.showIdentity(ctx, flow, forms.enteredIdentity(ctx, flow, state), again),
      /** Keeps who the person is, for the second form. */
      async submit(ctx, form, flow, state) {
        const identity = readIdentity(form, await identityRules());
        const email = forms.enteredIdentity(ctx, flow, state)?.email;
        identityCookie.write(ctx, flow.path, { mobile: state.mobile, identity, email });
        return forms.credentialsAddress(flow);
      },
    });

    /** What cannot be put right in the second form leads back to the step where it can. */
    async function showAgain(
      ctx: Context,
      [flow, state, kept]: [Flow, VerifiedMobile, EnteredIdentity],
      again: Again,
    ): Promise<void> {
      if (again.reason === 'CODE_WRONG') return showCode(ctx, flow, state, again);
      const errors = aboutIdentity(again.errors);
      if (errors.length === 0) return forms.showCredentials(ctx, flow, kept, again);
      identityCookie.write(ctx, flow.path, { ...kept, email: again.sent?.email?.slice(0, LONGEST_EMAIL) });
      return forms.showIdentity(ctx, flow, kept, { errors, status: again.status });
    }

    addFormPage<[Flow, VerifiedMobile, EnteredIdentity]>(router, {
      path: paths.account,
      read: deps.submitted,
      once: deps.once,
      explains: EXPLAINED,
      at: (ctx, run) =>
        at(
          ctx,
          withVerifiedMobile(stepCookie, paths.code, (_, flow, state) => {
            const kept = forms.enteredIdentity(ctx, flow, state);
            return kept ? run(ctx, flow, state, kept) : seeOther(ctx, forms.identityAddress(flow));
          }),
        ),
      show: (ctx, found, again) =>
        again ? showAgain(ctx, found, again) : forms.showCredentials(ctx, found[0], found[2]),
      /** Registers; the same form sent twice finds its account there. */
      async submit(ctx, form, flow, { mobile, code }, kept) {
        // settings and titles may have changed since the first form
        const identity = readIdentity(identityForm(kept.identity), await identityRules());
        const terms = deps.termsUri !== undefined;
        const policy = registration.passwordProblem;
        const { withoutPassword } = deps;
        const credentials = readCredentials(form, { mobile, identity, policy, terms, withoutPassword });
        try {
          await registration.register({
            ...identity,
            ...credentials,
            mobile,
            code,
            registerChannel: 'WEB',
            acceptedOn: 'pages',
            registerClientId: flow.signIn?.clientId,
            locale: pageLocale(ctx, flow.signIn?.uiLocales),
            origin: deps.originOf(ctx),
          });
        } catch (error) {
          const isCodeWrong = error instanceof AppError && error.code === 'CODE_WRONG';
          if (!isCodeWrong || !(await codes.usedBy(mobile, code, browserOf(guard, ctx)))) throw error;
        }
        const next = await goOn(ctx, flow, mobile);
        stepCookie.clear(ctx, flow.path);
        identityCookie.clear(ctx, flow.path);
        return next;
      },
    });
  }

  for (const context of contexts) addRegistration(context);
  router.get(REGISTER_PATHS.done, async (ctx) => {
    if (!(await deps.arrivals.begin(ctx))) show(ctx, 'steps/done', { outcome: 'registered' });
  });
  return router.routes() as unknown as Middleware;
}
