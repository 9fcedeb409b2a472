import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { SecondFactors } from '../../domain/second-factors/second-factors.ts';
import { type Again, takeForm, withWait } from '../kit/form-page.ts';
import type { NewAuthenticators } from '../kit/new-authenticator.ts';
import { pathOf, SECOND_FACTOR_PATHS } from '../kit/paths.ts';
import { explainWrongCode } from '../kit/second-factor-code.ts';
import { seeOther } from '../kit/submitted.ts';
import { addSentFactor, type SentFactorPagesDeps } from './second-factor-sent.ts';
import { type SecondFactorTurn, type SecondFactorTurnDeps, secondFactorTurns } from './second-factor-turn.ts';

export interface SecondFactorPagesDeps extends SecondFactorTurnDeps, SentFactorPagesDeps {
  secondFactors: Pick<SecondFactors, 'offer' | 'verify' | 'verifySent' | 'confirm'>;
  newAuthenticators: NewAuthenticators;
}

/**
 * `/interaction/:uid/second-factor`: the second step of a sign-in, and its set-up where the deployment requires one.
 * Both act only for the account whose first factor was completed in this interaction.
 */
export function secondFactorPages(deps: SecondFactorPagesDeps): Middleware {
  const { secondFactors, newAuthenticators, show, submitted: read } = deps;
  const router = new Router({ strict: true, sensitive: true });
  const turns = secondFactorTurns(deps);
  const { code: codePath, enrol: enrolPath } = SECOND_FACTOR_PATHS;

  router.get(codePath, (ctx) => turns.at(ctx, codePath, (turn) => turns.showChoice(ctx, turn)));

  router.post(codePath, (ctx) =>
    turns.at(ctx, codePath, (turn) => {
      const { view, accountId, offer } = turn;
      // codes are only sent: nothing can be typed here
      if (!offer.isEnrolled) return seeOther(ctx, pathOf(codePath, view.uid));
      return takeForm(ctx, {
        read,
        async submit({ code = '', remember }) {
          const attempt = { origin: deps.originOf(ctx), clientId: view.clientId };
          const method = await explainWrongCode(
            secondFactors.verify(accountId, code, attempt),
            offer.methods.includes('totp') ? 'SECOND_FACTOR_WRONG' : 'RECOVERY_CODE_WRONG',
          );
          return turns.completed(ctx, turn, method, remember);
        },
        showAgain: (again) => turns.showChoice(ctx, turn, withWait(again)),
      });
    }),
  );

  async function showEnrol(ctx: Context, turn: SecondFactorTurn, again?: Again): Promise<void> {
    const data = {
      ...turns.frameOf(ctx, turn, enrolPath, again?.errors),
      ...(await newAuthenticators.of(ctx, turn.accountId)),
    };
    const { uiLocales } = turn.view;
    show(ctx, 'sign-in/second-factor-new', data, {
      status: again?.status ?? 200,
      uiLocales,
      address: data.action,
    });
  }

  router.get(enrolPath, (ctx) => turns.at(ctx, enrolPath, (turn) => showEnrol(ctx, turn)));

  router.post(enrolPath, (ctx) =>
    turns.at(ctx, enrolPath, (turn) =>
      takeForm(ctx, {
        read,
        async submit({ code = '' }) {
          const { recoveryCodes: codes } = await explainWrongCode(
            secondFactors.confirm(turn.accountId, code, deps.originOf(ctx)),
          );
          const next = await turns.completed(ctx, turn, 'totp', undefined);
          show(ctx, 'sign-in/recovery-codes', { codes, next }, { uiLocales: turn.view.uiLocales });
          return undefined;
        },
        showAgain: (again) => showEnrol(ctx, turn, withWait(again)),
      }),
    ),
  );

  addSentFactor(router, turns, deps, 'sms');
  addSentFactor(router, turns, deps, 'email');
  return router.routes() as unknown as Middleware;
}
