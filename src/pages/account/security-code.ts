import type { Context, Middleware } from 'koa';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import { parseCode } from '../../domain/one-time-codes/one-time-code.ts';
import type { SecondFactors, SentFactor } from '../../domain/second-factors/second-factors.ts';
import { refuseIf } from '../kit/form-errors.ts';
import { SECURITY_PATHS } from '../kit/paths.ts';
import { SENT_FACTOR_SETUP_PATHS, type SentCodePages } from '../kit/sent-codes.ts';
import { CODE_MISSING } from '../page-data/second-factor-data.ts';
import { type AccountArea, accountPage, withOutcome } from './account-page.ts';
import { withRecentSignIn } from './recent-sign-in.ts';

interface Deps {
  secondFactors: Pick<SecondFactors, 'possible' | 'turnOn'>;
  sentCodes: SentCodePages;
  originOf: (ctx: Context) => Origin;
}

/**
 * `/account/security/sms` and `…/email`: activates a code by SMS or e-mail as a second factor, after its owner has
 * entered a code that was sent.
 */
export function securityCodePage(area: AccountArea, deps: Deps, factor: SentFactor): Middleware {
  const { secondFactors, sentCodes } = deps;
  const { page, send } = SENT_FACTOR_SETUP_PATHS[factor];

  return accountPage(area, {
    name: 'account/security-code',
    path: page,
    fresh: true,
    async load({ account }, _sent, ctx) {
      const offered = (await secondFactors.possible(account.id)).find((one) => one.factor === factor);
      const code = sentCodes.shown(ctx, page, account.id);
      if (!offered || !code) return SECURITY_PATHS.overview;
      return { factor, to: offered.to, ...code, action: page, againAction: send };
    },
    forms: [
      {
        submit: withRecentSignIn(async ({ code = '' }, { account }, ctx) => {
          if (parseCode(code) === undefined) refuseIf([{ field: 'code', code: CODE_MISSING[factor] }]);
          const guess = { code, browser: sentCodes.browser(ctx), origin: deps.originOf(ctx) };
          const { recoveryCodes: codes } = await secondFactors.turnOn(account.id, factor, guess);
          sentCodes.forget(ctx, page);
          const next = withOutcome(SECURITY_PATHS.overview, 'code_on');
          if (codes.length === 0) return next;
          area.show(ctx, 'sign-in/recovery-codes', { codes, next }, { status: 200, address: next });
          return undefined;
        }),
      },
    ],
  });
}
