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

/** A page about the second factor whose turn it is. */
export interface SecondFactorTurn {
  view: SignInAtPage;
  accountId: number;
  offer: SecondFactorOffer;
  /** It can be used instead. */
  hasPasskey: boolean;
}

const SIGN_IN = '/interaction/:uid/';

/** What the pages about a second factor have in common: they act for the account whose first factor the sign-in has. */
export function secondFactorTurns(deps: SecondFactorTurnDeps) {
  const { interactions, guard, show } = deps;

  /** Runs a page when it is its turn; otherwise the browser goes to the step that is due. */
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

  /** A request that wants two factors gets both each time: there is nothing to remember for it. */
  const rememberDaysOf = ({ offer }: SecondFactorTurn): number => (offer.isEnrolled ? deps.rememberDays : 0);

  /** The page that has the field for codes of the account's own, and a button for each that is sent. */
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
      // codes that a client alone wants are no factor that could be lost
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

  /** The factor is complete: where the sign-in goes on. */
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
