import type { Context } from 'koa';
import type { SecondFactorOffer, SecondFactors } from '../../domain/second-factors/second-factors.ts';
import type { MethodName } from '../../domain/sign-in/methods.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import type { RememberedDevice } from '../../http/remembered-device.ts';
import type { Again } from '../kit/form-page.ts';
import { PASSKEY_PATHS, pathOf, SECOND_FACTOR_PATHS, SIGN_IN_PATHS } from '../kit/paths.ts';
import { SENT_FACTOR_PATHS } from '../kit/sent-codes.ts';
import type { Show } from '../kit/show.ts';
import { type ReadSubmitted, seeOther } from '../kit/submitted.ts';
import type { SignInAtPage } from './submitted-step.ts';

export interface SecondFactorTurnDeps {
  interactions: {
    find(ctx: Context, uid: string): Promise<SignInAtPage>;
    secondFactorDue(
      ctx: Context,
      uid: string,
    ): Promise<{ accountId: number; page: string; after: MethodName; isWanted: boolean } | undefined>;
    factorCompleted(ctx: Context, uid: string, accountId: number, method: MethodName): Promise<string>;
  };
  secondFactors: Pick<SecondFactors, 'offer'>;
  /** Whether an account has a passkey that this deployment accepts. */
  hasPasskey: (accountId: number) => Promise<boolean>;
  remembered: Pick<RememberedDevice, 'remember'>;
  rememberDays: number;
  guard: Pick<FormGuard, 'token'>;
  submitted: ReadSubmitted;
  show: Show;
}

/** The data of a page about the second factor that is due. */
export interface SecondFactorTurn {
  view: SignInAtPage;
  accountId: number;
  offer: SecondFactorOffer;
  /** Whether a passkey can be used instead. */
  hasPasskey: boolean;
}

const SIGN_IN = '/interaction/:uid/';

/** The common parts of the pages about a second factor. They act for the account whose first factor the sign-in has. */
export function secondFactorTurns(deps: SecondFactorTurnDeps) {
  const { interactions, guard, show } = deps;

  /** Runs a page if it is due. Otherwise redirects the browser to the step that is due. */
  async function at(
    ctx: Context,
    path: string,
    run: (turn: SecondFactorTurn) => Promise<void> | void,
  ): Promise<void> {
    const uid = String(ctx.params.uid);
    const view = await interactions.find(ctx, uid);
    const due = await interactions.secondFactorDue(ctx, uid);
    if (!due) return seeOther(ctx, pathOf(SIGN_IN_PATHS.current, uid));
    const { accountId, page, after, isWanted } = due;
    if (SIGN_IN + page !== path) return seeOther(ctx, pathOf(SIGN_IN + page, uid));
    const offer = await deps.secondFactors.offer(accountId, after, { isWanted });
    await run({ view, accountId, offer, hasPasskey: await deps.hasPasskey(accountId) });
  }

  const frameOf = (ctx: Context, { view }: SecondFactorTurn, path: string, errors: Again['errors'] = []) => ({
    client: view.client,
    action: pathOf(path, view.uid),
    cancelAction: pathOf(SIGN_IN_PATHS.abort, view.uid),
    csrf: guard.token(ctx),
    errors,
  });

  /**
   * The days for which a browser can be remembered. 0 if only the request requires two factors, because it requires
   * them each time.
   */
  const rememberDaysOf = ({ offer }: SecondFactorTurn): number => (offer.isEnrolled ? deps.rememberDays : 0);

  /** Shows the page with the field for the account's own codes, and a button for each code that can be sent. */
  function showChoice(ctx: Context, turn: SecondFactorTurn, again?: Again): void {
    const { offer, view } = turn;
    const data = {
      ...frameOf(ctx, turn, SECOND_FACTOR_PATHS.code, again?.errors),
      hasApp: offer.methods.includes('totp'),
      hasRecoveryCodes: offer.recoveryCodes > 0,
      sent: offer.sent.map(({ factor, to }) => ({
        ...{ factor, to },
        action: pathOf(SENT_FACTOR_PATHS[factor].send, view.uid),
      })),
      passkey: turn.hasPasskey
        ? { action: pathOf(PASSKEY_PATHS.use, view.uid), options: pathOf(PASSKEY_PATHS.useOptions, view.uid) }
        : undefined,
      // codes that only the client requires are not a factor that could be lost
      lostAddress:
        offer.isEnrolled || turn.hasPasskey ? pathOf(SECOND_FACTOR_PATHS.lost, view.uid) : undefined,
      rememberDays: rememberDaysOf(turn),
    };
    show(ctx, 'sign-in/second-factor', data, {
      status: again?.status ?? 200,
      uiLocales: view.uiLocales,
      address: data.action,
    });
  }

  /** Completes the factor and returns the next address of the sign-in. */
  async function completed(
    ctx: Context,
    turn: SecondFactorTurn,
    method: MethodName,
    remember: string | undefined,
  ): Promise<string> {
    const { view, accountId } = turn;
    if (remember === 'yes' && rememberDaysOf(turn) > 0) await deps.remembered.remember(ctx, accountId);
    return interactions.factorCompleted(ctx, view.uid, accountId, method);
  }

  return { at, frameOf, showChoice, rememberDaysOf, completed };
}
