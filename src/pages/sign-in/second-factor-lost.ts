import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { ContactProofs, ProvableContact, UseProof } from '../../domain/second-factors/contact-proofs.ts';
import type { SecondFactorRecoveries } from '../../domain/second-factors/recoveries.ts';
import type { SecondFactors } from '../../domain/second-factors/second-factors.ts';
import { type MethodName, methodOf } from '../../domain/sign-in/methods.ts';
import { AppError } from '../../errors/app-error.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import { actAs } from '../../lib/request-context.ts';
import { browserOf } from '../kit/browser-of.ts';
import { type Again, addFormPage } from '../kit/form-page.ts';
import { SECOND_FACTOR_PATHS as PATHS, pathOf, SIGN_IN_PATHS } from '../kit/paths.ts';
import type { Show } from '../kit/show.ts';
import { type ReadSubmitted, seeOther } from '../kit/submitted.ts';
import { momentWriter } from '../page-data/moment.ts';
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

/** A person at the second step, and what they can do without the second factor. */
interface Lost {
  view: SignInAtPage;
  accountId: number;
  state: LostState;
  availableAt: Date | undefined;
  /** One of these has to be proved; empty where the first factor proved one. */
  contacts: readonly ProvableContact[];
}

type Intent = 'begin' | 'finish';

const isIntent = (state: LostState): state is Intent => state === 'begin' || state === 'finish';

/** The first factor was a code that was sent to a contact. */
const provesContact = (methods: readonly MethodName[]): boolean =>
  methods.some((method) => methodOf(method).channel !== undefined);

const nothingToUse: UseProof = async () => {};

/**
 * `/interaction/:uid/second-factor/lost`: for people who have lost their second factor. Acts only for the account whose
 * first factor this very interaction has, and once a contact of it is proved: a session, or a password alone, does not
 * suffice.
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

  /** Runs a page of the second step; otherwise the browser goes to the step that is due. */
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

  /** What the account does to its older sessions ends the sign-in that one of them began: it begins again. */
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

  async function act(ctx: Context, { view, accountId, state }: Lost, use: UseProof): Promise<string> {
    actAs(`account:${accountId}`);
    const generation = state === 'finish' ? await recoveries.finish(accountId, use) : undefined;
    if (generation !== undefined) return goOn(ctx, view, generation);
    if (state === 'begin') await recoveries.begin(accountId, use);
    return pathOf(PATHS.lost, view.uid);
  }

  const contactIn = ({ contacts }: Lost, channel: unknown): ProvableContact | undefined =>
    contacts.find((contact) => contact.channel === channel);

  addFormPage<[Lost]>(router, {
    path: PATHS.lost,
    read: deps.submitted,
    at,
    show: (ctx, [lost], again) => showLost(ctx, lost, again),
    async submit(ctx, { intent, channel }, lost) {
      const address = pathOf(PATHS.lost, lost.view.uid);
      // a form of before: what can be done now is shown, and not done
      if (!isIntent(lost.state) || intent !== lost.state) return address;
      if (lost.contacts.length === 0) return act(ctx, lost, nothingToUse);
      const contact = contactIn(lost, channel);
      if (!contact) return address;
      const asked = { channel: contact.channel, origin: deps.originOf(ctx), browser: browserOf(guard, ctx) };
      await proofs.send(lost.accountId, asked);
      return `${pathOf(PATHS.lostCode, lost.view.uid)}?${new URLSearchParams({ channel: contact.channel })}`;
    },
  });

  addFormPage<[Lost, ProvableContact, Intent]>(router, {
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
      const action = `${pathOf(PATHS.lostCode, uid)}?channel=${contact.channel}`;
      const lostAddress = pathOf(PATHS.lost, uid);
      const data = { ...frameOf(ctx, lost), ...contact, action, intent, lostAddress, errors };
      show(ctx, 'sign-in/second-factor-lost-code', data, { status, uiLocales, address: action });
    },
    async submit(ctx, { code = '', intent }, lost, { channel }, due) {
      if (intent !== due) return pathOf(PATHS.lost, lost.view.uid);
      const use = await proofs.check(lost.accountId, { channel, code, origin: deps.originOf(ctx) });
      return act(ctx, lost, use);
    },
  });

  return router.routes() as unknown as Middleware;
}
