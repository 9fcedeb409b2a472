import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import { parseCode } from '../../domain/one-time-codes/one-time-code.ts';
import type { ContactProofs } from '../../domain/second-factors/contact-proofs.ts';
import type { SecondFactorRecoveries } from '../../domain/second-factors/recoveries.ts';
import type { OfferedFactor, SecondFactors } from '../../domain/second-factors/second-factors.ts';
import { type MethodName, methodOf } from '../../domain/sign-in/methods.ts';
import { AppError } from '../../errors/app-error.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import { actAs } from '../../lib/request-context.ts';
import { browserOf } from '../kit/browser-of.ts';
import { FormRefused } from '../kit/form-errors.ts';
import { type Again, addFormPage } from '../kit/form-page.ts';
import { SECOND_FACTOR_PATHS as PATHS, pathOf, SIGN_IN_PATHS } from '../kit/paths.ts';
import { pageLocale, type Show } from '../kit/show.ts';
import { type ReadSubmitted, seeOther } from '../kit/submitted.ts';
import { momentWriter } from '../page-data/moment.ts';
import { CODE_MISSING } from '../page-data/second-factor-data.ts';
import type { LostState } from '../page-data/second-factor-lost-data.ts';
import type { SignInAtPage } from './submitted-step.ts';

export interface LostPagesDeps {
  interactions: {
    find(ctx: Context, uid: string): Promise<SignInAtPage>;
    secondFactorDue(ctx: Context, uid: string): Promise<{ accountId: number; page: string } | undefined>;
    firstFactorIn(
      ctx: Context,
      uid: string,
    ): Promise<{ accountId: number; methods: readonly MethodName[] } | undefined>;
    secondFactorRemoved(ctx: Context, uid: string, generation: number): Promise<string>;
  };
  secondFactors: Pick<SecondFactors, 'isEnrolled'>;
  /** Whether an account has a passkey that this deployment accepts. */
  hasPasskey: (accountId: number) => Promise<boolean>;
  recoveries: SecondFactorRecoveries;
  proofs: ContactProofs;
  originOf: (ctx: Context) => Origin;
  guard: Pick<FormGuard, 'token' | 'browser'>;
  submitted: ReadSubmitted;
  show: Show;
  timeZone: string;
}

/** A person at the second step, and the possible next step without the second factor. */
interface Lost {
  view: SignInAtPage;
  accountId: number;
  state: LostState;
  availableAt: Date | undefined;
  /** One of these must be proved. Empty if the first factor proved one. */
  contacts: readonly OfferedFactor[];
}

type Intent = 'begin' | 'finish';

const codePath = (uid: string, { factor }: OfferedFactor): string =>
  `${pathOf(PATHS.lostCode, uid)}?${new URLSearchParams({ channel: factor })}`;

const isIntent = (state: LostState): state is Intent => state === 'begin' || state === 'finish';

/** Whether the first factor was a code that was sent to a contact. */
const provesContact = (methods: readonly MethodName[]): boolean =>
  methods.some((method) => methodOf(method).channel !== undefined);

/**
 * `/interaction/:uid/second-factor/lost`: for people who have lost their second factor. It acts only for the account
 * whose first factor was completed in this interaction, and only after one of its contacts is proved. A session or a
 * password alone does not suffice.
 */
export function secondFactorLostPages(deps: LostPagesDeps): Middleware {
  const { interactions, recoveries, proofs, guard, show } = deps;
  const router = new Router({ strict: true, sensitive: true });
  const written = momentWriter(deps.timeZone);

  async function stateOf(ctx: Context, view: SignInAtPage, accountId: number): Promise<Lost> {
    const [first, recovery, contacts] = await Promise.all([
      interactions.firstFactorIn(ctx, view.uid),
      recoveries.find(accountId),
      proofs.contactsOf(accountId),
    ]);
    const isProved = first !== undefined && provesContact(first.methods);
    const at = (state: LostState): Lost => ({
      ...{ view, accountId, state, availableAt: recovery?.availableAt },
      contacts: isProved ? [] : contacts,
    });
    if (recoveries.delayHours === 0) return at('operator');
    if (recovery && !recovery.isAvailable) return at('waiting');
    if (!isProved && contacts.length === 0) return at('operator');
    if (first?.accountId !== accountId) return at('again');
    return at(recovery ? 'finish' : 'begin');
  }

  /** Runs a page of the second step. Otherwise redirects the browser to the step that is due. */
  async function at(ctx: Context, run: (ctx: Context, lost: Lost) => Promise<void> | void): Promise<void> {
    const uid = String(ctx.params.uid);
    const view = await interactions.find(ctx, uid);
    const due = await interactions.secondFactorDue(ctx, uid);
    if (!due) return seeOther(ctx, pathOf(SIGN_IN_PATHS.current, uid));
    const { accountId, page } = due;
    if (!(await deps.secondFactors.isEnrolled(accountId)) && !(await deps.hasPasskey(accountId)))
      return seeOther(ctx, `${pathOf(SIGN_IN_PATHS.current, uid)}/${page}`);
    await run(ctx, await stateOf(ctx, view, accountId));
  }

  const frameOf = (ctx: Context, { view }: Lost) => ({
    client: view.client,
    csrf: guard.token(ctx),
    cancelAction: pathOf(SIGN_IN_PATHS.abort, view.uid),
  });

  function showLost(ctx: Context, lost: Lost, { errors, status = 200 }: Partial<Again> = {}): void {
    const { view, state, contacts, availableAt } = lost;
    const action = pathOf(PATHS.lost, view.uid);
    const data = {
      ...{ ...frameOf(ctx, lost), action, state, contacts, errors, hours: recoveries.delayHours },
      availableAt: availableAt && written(availableAt),
      againAction: pathOf(SIGN_IN_PATHS.otherAccount, view.uid),
      codeAddress: pathOf(PATHS.code, view.uid),
    };
    show(ctx, 'sign-in/second-factor-lost', data, { status, uiLocales: view.uiLocales, address: action });
  }

  /**
   * Returns the next address. Ending the account's older sessions also ends a sign-in that one of them began, which
   * is then restarted.
   */
  const goOn = async (
    ctx: Context,
    { uid, originalUrl }: SignInAtPage,
    generation: number,
  ): Promise<string> => {
    try {
      return await interactions.secondFactorRemoved(ctx, uid, generation);
    } catch (error) {
      if (error instanceof AppError && error.code === 'INTERACTION_EXPIRED' && originalUrl !== undefined)
        return originalUrl;
      throw error;
    }
  };

  async function act(ctx: Context, { view, accountId, state }: Lost): Promise<string> {
    actAs(`account:${accountId}`);
    const generation = state === 'finish' ? await recoveries.finish(accountId) : undefined;
    if (generation !== undefined) return goOn(ctx, view, generation);
    if (state === 'begin') await recoveries.begin(accountId);
    return pathOf(PATHS.lost, view.uid);
  }

  const contactIn = ({ contacts }: Lost, channel: unknown): OfferedFactor | undefined =>
    contacts.find(({ factor }) => factor === channel);

  addFormPage<[Lost]>(router, {
    path: PATHS.lost,
    read: deps.submitted,
    at,
    show: (ctx, [lost], again) => showLost(ctx, lost, again),
    async submit(ctx, { intent, channel }, lost) {
      const address = pathOf(PATHS.lost, lost.view.uid);
      // an outdated form: the currently possible step is shown, but not taken
      if (!isIntent(lost.state) || intent !== lost.state) return address;
      if (lost.contacts.length === 0) return act(ctx, lost);
      const contact = contactIn(lost, channel);
      if (!contact) return address;
      const { view, accountId } = lost;
      await proofs.send(accountId, contact.factor, {
        locale: pageLocale(ctx, view.uiLocales),
        address: deps.originOf(ctx).address,
        browser: browserOf(guard, ctx),
      });
      return codePath(view.uid, contact);
    },
  });

  addFormPage<[Lost, OfferedFactor, Intent]>(router, {
    path: PATHS.lostCode,
    read: deps.submitted,
    explains: ['CODE_WRONG', 'TOO_MANY_ATTEMPTS'],
    at: (ctx, run) =>
      at(ctx, (_, lost) => {
        const contact = contactIn(lost, ctx.query.channel);
        if (!contact || !isIntent(lost.state)) return seeOther(ctx, pathOf(PATHS.lost, lost.view.uid));
        return run(ctx, lost, contact, lost.state);
      }),
    show(ctx, [lost, contact, intent], { errors, status = 200 }: Partial<Again> = {}) {
      const { uid, uiLocales } = lost.view;
      const action = codePath(uid, contact);
      const lostAddress = pathOf(PATHS.lost, uid);
      const data = { ...frameOf(ctx, lost), ...contact, action, intent, lostAddress, errors };
      show(ctx, 'sign-in/second-factor-lost-code', data, { status, uiLocales, address: action });
    },
    async submit(ctx, { code = '', intent }, lost, { factor }, due) {
      if (intent !== due) return pathOf(PATHS.lost, lost.view.uid);
      if (parseCode(code) === undefined)
        throw new FormRefused([{ field: 'code', code: CODE_MISSING[factor] }]);
      const guess = { code, browser: browserOf(guard, ctx), origin: deps.originOf(ctx) };
      await proofs.prove(lost.accountId, factor, guess);
      return act(ctx, lost);
    },
  });

  return router.routes() as unknown as Middleware;
}
