import type Router from '@koa/router';
import type { Context } from 'koa';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import { parseCode } from '../../domain/one-time-codes/one-time-code.ts';
import type { OfferedFactor, SecondFactors, SentFactor } from '../../domain/second-factors/second-factors.ts';
import { FormRefused } from '../kit/form-errors.ts';
import { type Again, takeForm, withWait } from '../kit/form-page.ts';
import { pathOf, SECOND_FACTOR_PATHS } from '../kit/paths.ts';
import { SENT_FACTOR_PATHS, type SentCodePages } from '../kit/sent-codes.ts';
import type { Show } from '../kit/show.ts';
import { type ReadSubmitted, seeOther } from '../kit/submitted.ts';
import { CODE_MISSING } from '../page-data/second-factor-data.ts';
import type { SecondFactorTurn, secondFactorTurns } from './second-factor-turn.ts';

export interface SentFactorPagesDeps {
  secondFactors: Pick<SecondFactors, 'verifySent'>;
  sentCodes: SentCodePages;
  originOf: (ctx: Context) => Origin;
  submitted: ReadSubmitted;
  show: Show;
}

/**
 * `/interaction/:uid/second-factor/sms` and `…/email`: a code that is sent only when a button is pressed, so that
 * reloading a page sends no message.
 */
export function addSentFactor(
  router: Router,
  turns: ReturnType<typeof secondFactorTurns>,
  deps: SentFactorPagesDeps,
  factor: SentFactor,
): void {
  const { sentCodes, submitted, show } = deps;
  const paths = SENT_FACTOR_PATHS[factor];

  type Offered = SecondFactorTurn & { offered: OfferedFactor };
  /** Runs a step where this factor is offered. */
  const at = (ctx: Context, run: (turn: Offered) => Promise<void> | void): Promise<void> =>
    turns.at(ctx, SECOND_FACTOR_PATHS.code, (turn) => {
      const offered = turn.offer.sent.find((one) => one.factor === factor);
      return offered
        ? run({ ...turn, offered })
        : seeOther(ctx, pathOf(SECOND_FACTOR_PATHS.code, turn.view.uid));
    });

  /** Shows the page of the code. Without a sent code, shows the page that can send one. */
  function showCode(ctx: Context, turn: Offered, again?: Again): void {
    const { view, accountId, offered } = turn;
    const action = pathOf(paths.page, view.uid);
    const code = sentCodes.shown(ctx, action, accountId);
    if (!code) {
      if (again) turns.showChoice(ctx, turn, again);
      else seeOther(ctx, pathOf(SECOND_FACTOR_PATHS.code, view.uid));
      return;
    }
    const data = {
      ...turns.frameOf(ctx, turn, paths.page, again?.errors),
      ...code,
      factor,
      to: offered.to,
      againAction: pathOf(paths.send, view.uid),
      otherAddress: pathOf(SECOND_FACTOR_PATHS.code, view.uid),
      rememberDays: turns.rememberDaysOf(turn),
    };
    show(ctx, 'sign-in/second-factor-sent', data, {
      status: again?.status ?? 200,
      uiLocales: view.uiLocales,
      address: action,
    });
  }

  router.post(paths.send, (ctx) =>
    at(ctx, (turn) =>
      takeForm(ctx, {
        read: submitted,
        explains: ['TOO_MANY_ATTEMPTS', 'SMS_UNAVAILABLE', 'MAIL_UNAVAILABLE'],
        async submit() {
          const { view, accountId } = turn;
          const page = pathOf(paths.page, view.uid);
          await sentCodes.send(ctx, page, { accountId, factor, uiLocales: view.uiLocales });
          return page;
        },
        showAgain: (again) => showCode(ctx, turn, withWait(again)),
      }),
    ),
  );

  router.get(paths.page, (ctx) => at(ctx, (turn) => showCode(ctx, turn)));

  router.post(paths.page, (ctx) =>
    at(ctx, (turn) =>
      takeForm(ctx, {
        read: submitted,
        explains: ['CODE_WRONG', 'TOO_MANY_ATTEMPTS'],
        async submit({ code = '', remember }) {
          const { view, accountId } = turn;
          if (parseCode(code) === undefined)
            throw new FormRefused([{ field: 'code', code: CODE_MISSING[factor] }]);
          const method = await deps.secondFactors.verifySent(accountId, factor, {
            ...{ code, browser: sentCodes.browser(ctx), origin: deps.originOf(ctx), clientId: view.clientId },
          });
          sentCodes.forget(ctx, pathOf(paths.page, view.uid));
          return turns.completed(ctx, turn, method, remember);
        },
        showAgain: (again) => showCode(ctx, turn, withWait(again)),
      }),
    ),
  );
}
