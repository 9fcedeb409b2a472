import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { upstreamMethod } from '../../domain/authenticators/upstream/method.ts';
import type { UpstreamAuthenticator } from '../../domain/authenticators/upstream/upstream.ts';
import type { OneTimeCodes } from '../../domain/one-time-codes/one-time-codes.ts';
import type { UpstreamRegistration } from '../../domain/registration/upstream-registration.ts';
import type { UpstreamProvider, UpstreamProviders } from '../../domain/upstream/providers.ts';
import type { ProvedPerson, Transactions } from '../../domain/upstream/transactions.ts';
import { parseEmail } from '../../domain/values/email.ts';
import { AppError } from '../../errors/app-error.ts';
import { FormRefused, type Sent } from '../kit/form-errors.ts';
import { type Again, addFormPage } from '../kit/form-page.ts';
import type { Once } from '../kit/idempotent-form.ts';
import { pathOf, SIGN_IN_PATHS, UPSTREAM_PATHS, UPSTREAM_REGISTER_PATHS } from '../kit/paths.ts';
import { pageLocale } from '../kit/show.ts';
import { shownProvider } from '../kit/shown-provider.ts';
import { seeOther } from '../kit/submitted.ts';
import { calendarDay } from '../page-data/days.ts';
import type { FormError } from '../page-data/page-data.ts';
import { type AskedParts, readAskedIdentity } from '../registration/asked-identity.ts';
import { typedIdentity } from '../registration/identity-form.ts';
import type { RegistrationFormsDeps } from '../registration/registration-forms.ts';
import { addCodeSteps, type CodeStepsDeps } from '../steps/code-steps.ts';
import type { FlowContextDeps, SignInInProgress } from '../steps/flow-context.ts';
import { type Flow, type FlowContext, frameOf } from '../steps/steps.ts';
import { rememberCode, type VerifiedMobile } from '../steps/verified-mobile.ts';

export interface UpstreamRegisterDeps
  extends CodeStepsDeps,
    Pick<RegistrationFormsDeps, 'titles' | 'timeZone' | 'termsUri' | 'privacyUri'> {
  guard: CodeStepsDeps['guard'];
  codes: OneTimeCodes;
  interactions: FlowContextDeps['interactions'];
  providers: Pick<UpstreamProviders, 'find'>;
  transactions: Pick<Transactions, 'proved'>;
  registration: UpstreamRegistration;
  authenticator: Pick<UpstreamAuthenticator, 'holder'>;
  needsMobile: boolean;
  asks: AskedParts;
  once: Once;
}

/** The subject of a registration form. */
interface Registrant {
  person: ProvedPerson;
  provider: UpstreamProvider;
  /** Verified by its code. Undefined where the deployment requires no mobile. */
  mobile: VerifiedMobile | undefined;
}

const PATHS = UPSTREAM_REGISTER_PATHS;
/** The errors that the form explains, either itself or on the step that it leads back to. */
const EXPLAINED = ['CODE_WRONG', 'CONTACT_TAKEN', 'NATIONAL_ID_TAKEN', 'TOO_MANY_ATTEMPTS'] as const;

function readEmail(form: Sent): { value: string; key: string } | undefined {
  const typed = form.email?.trim() ?? '';
  const email = typed === '' ? undefined : parseEmail(typed);
  if (typed !== '' && !email) throw new FormRefused([{ field: 'email', code: 'INVALID_EMAIL' }]);
  return email;
}

/**
 * Removes the field from errors about the mobile: a mobile that was taken in the meantime is not a field of this
 * form.
 */
const inItsForm = (errors: readonly FormError[]): FormError[] =>
  errors.map(({ field, ...error }) =>
    field === undefined || field === 'mobile' ? error : { ...error, field },
  );

/** `/interaction/:uid/upstream/register`: collects the details for a registration that the provider does not supply. */
export function upstreamRegisterPages(deps: UpstreamRegisterDeps): Middleware {
  const { interactions, transactions, providers, stepCookie, asks, guard, show } = deps;
  const router = new Router({ strict: true, sensitive: true });

  const flowOf = (signIn: SignInInProgress): Flow => ({
    path: pathOf(PATHS.mobile, signIn.uid),
    uid: signIn.uid,
    signIn,
    signInAddress: pathOf(UPSTREAM_PATHS.link, signIn.uid),
  });

  /** Runs a step for a person whom a provider has authenticated and who has no account with that link. */
  async function withPerson(
    ctx: Context,
    run: (ctx: Context, flow: Flow, who: Omit<Registrant, 'mobile'>) => Promise<void> | void,
  ): Promise<void> {
    const signIn = await interactions.find(ctx, String(ctx.params.uid));
    const person =
      signIn.step === 'login' && signIn.methods.includes(upstreamMethod.name)
        ? await transactions.proved(signIn.uid, guard.browser(ctx))
        : undefined;
    const provider = providers.find(person?.provider);
    if (!person || !provider) return seeOther(ctx, pathOf(SIGN_IN_PATHS.current, signIn.uid));
    // an address alone does not link an account: its owner signs in first
    if ((await deps.registration.ownerOfEmail(person.identity)) !== undefined)
      return seeOther(ctx, pathOf(UPSTREAM_PATHS.link, signIn.uid));
    await run(ctx, flowOf(signIn), { person, provider });
  }

  const context: FlowContext = {
    paths: PATHS,
    at: (ctx, step) => withPerson(ctx, (_, flow) => step(ctx, flow)),
    goOn: async (_ctx, { uid }) => pathOf(PATHS.details, uid),
  };
  const showCode = deps.needsMobile
    ? addCodeSteps(router, context, deps, {
        purpose: 'register',
        entered: (ctx, flow, state) =>
          rememberCode(deps, { ctx, flow, state }, { purpose: 'register', next: PATHS.details }),
      })
    : undefined;

  async function showForm(
    ctx: Context,
    flow: Flow,
    { person: { identity }, provider }: Registrant,
    { sent, errors = [], status = 200 }: Partial<Again> = {},
  ): Promise<void> {
    const action = pathOf(PATHS.details, flow.uid);
    const { firstName = '', lastName = '', email = '' } = identity;
    const data = {
      ...frameOf(flow),
      ...{ action, csrf: guard.token(ctx), errors: inItsForm(errors) },
      provider: shownProvider(provider),
      typed: sent ? typedIdentity(sent) : typedIdentity({ firstName, lastName }),
      email: sent?.email ?? email,
      isVerified: identity.emailVerified,
      mailsLink: deps.channels.has('mail'),
      asksName: asks.name,
      asksBirthDate: asks.birthDate,
      nationalId: asks.nationalId,
      titles: await deps.titles.list(),
      today: calendarDay(deps.clock.now(), deps.timeZone),
      linkAddress: pathOf(UPSTREAM_PATHS.link, flow.uid),
      termsUri: deps.termsUri,
      privacyUri: deps.privacyUri,
    };
    show(ctx, 'registration/upstream', data, { status, uiLocales: flow.signIn?.uiLocales, address: action });
  }

  async function register(ctx: Context, form: Sent, flow: Flow, who: Registrant): Promise<number> {
    const { person, provider, mobile } = who;
    const rules = {
      titleIds: (await deps.titles.list()).map(({ id }) => id),
      today: deps.clock.now(),
      timeZone: deps.timeZone,
    };
    const identity = readAskedIdentity(form, rules, asks);
    const email = readEmail(form);
    if (deps.termsUri !== undefined && form.terms !== 'yes')
      throw new FormRefused([{ field: 'terms', code: 'TERMS_NOT_ACCEPTED' }]);
    const origin = deps.originOf(ctx);
    const clientId = flow.signIn?.clientId;
    const locale = pageLocale(ctx, flow.signIn?.uiLocales);
    const registerClientId = clientId;
    try {
      await deps.registration.register({
        ...identity,
        ...{ provider, person, mobile, email, registerClientId, locale, origin },
      });
    } catch (error) {
      // the same person has already registered in another browser or tab
      const isLate =
        error instanceof AppError && ['BINDING_TAKEN', 'INTERACTION_EXPIRED'].includes(error.code);
      if (!isLate) throw error;
    }
    const at = { provider, origin, clientId, requestId: ctx.state.requestId };
    const account = await deps.authenticator.holder(person.identity, at);
    if (!account) throw new AppError('INTERACTION_EXPIRED');
    return account.id;
  }

  addFormPage<[Flow, Registrant]>(router, {
    path: PATHS.details,
    read: deps.submitted,
    once: deps.once,
    explains: EXPLAINED,
    at: (ctx, run) =>
      withPerson(ctx, (_, flow, who) => {
        if (!deps.needsMobile) return run(ctx, flow, { ...who, mobile: undefined });
        const state = stepCookie.read(ctx, flow.path);
        if (state?.code === undefined) return seeOther(ctx, pathOf(PATHS.code, flow.uid));
        return run(ctx, flow, { ...who, mobile: { ...state, code: state.code } });
      }),
    show(ctx, [flow, who], again) {
      // another code was requested for the number, so the one that was accepted is no longer valid
      if (again?.reason === 'CODE_WRONG' && who.mobile) return showCode?.(ctx, flow, who.mobile, again);
      return showForm(ctx, flow, who, again);
    },
    async submit(ctx, form, flow, who) {
      const accountId = await register(ctx, form, flow, who);
      const next = await interactions.factorCompleted(ctx, flow.uid ?? '', accountId, upstreamMethod.name);
      stepCookie.clear(ctx, flow.path);
      return next;
    },
  });

  return router.routes() as unknown as Middleware;
}
