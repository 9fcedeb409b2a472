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

/** The errors that the second form explains, either itself or on the step that it leads back to. */
const EXPLAINED = ['CODE_WRONG', 'CONTACT_TAKEN', 'NATIONAL_ID_TAKEN', 'TOO_MANY_ATTEMPTS'] as const;

/** The maximum length of a stored e-mail address as typed, because cookies are small. */
const LONGEST_EMAIL = 254;

/** The errors of the second form that can only be corrected in the first form. */
const aboutIdentity = (errors: readonly FormError[]): FormError[] =>
  errors
    .map((error) => (error.code === 'NATIONAL_ID_TAKEN' ? { ...error, field: 'thaiId' as const } : error))
    .filter(({ field }) => field !== undefined && IDENTITY_FIELDS.includes(field));

/**
 * `/register`: the pages of a registration. They ask for a mobile, its code, the person's identity, and the sign-in
 * details.
 */
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
      /** Stores the person's identity for the second form. */
      async submit(ctx, form, flow, state) {
        const identity = readIdentity(form, await identityRules());
        const email = forms.enteredIdentity(ctx, flow, state)?.email;
        identityCookie.write(ctx, flow.path, { mobile: state.mobile, identity, email });
        return forms.credentialsAddress(flow);
      },
    });

    /** Shows the second form again, or the earlier step in which the error can be corrected. */
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
      /** Registers the person. A repeated submission of the same form finds the account that the first one created. */
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
