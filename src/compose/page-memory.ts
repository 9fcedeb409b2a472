import type { Context } from 'koa';
import type { Config } from '../config/config.ts';
import type { DeviceCookie } from '../http/device-cookie.ts';
import type { FormGuard } from '../http/form-guard.ts';
import { type Remembered, rememberedDevice } from '../http/remembered-device.ts';
import { sealedCookie } from '../http/sealed-cookie.ts';
import type { Clock } from '../lib/clock.ts';
import { DAY_SECONDS } from '../lib/durations.ts';
import { type SentCode, sentCodePages } from '../pages/kit/sent-codes.ts';
import type { Show } from '../pages/kit/show.ts';
import { signInTrail, type Trail } from '../pages/sign-in/sign-in-trail.ts';
import type { Domain } from './domain.ts';

interface Deps {
  config: Config;
  domain: Domain;
  clock: Clock;
  device: DeviceCookie;
  addressOf: (ctx: Context) => string;
  guard: FormGuard;
  show: Show;
}

/** How long a browser is redirected onwards from a step that is over. */
const TRAIL_SECONDS = DAY_SECONDS;

/** The state that browsers keep in sealed cookies: completed steps, sent codes, and a remembered second factor. */
export function composePageMemory({ config, domain, clock, device, addressOf, guard, show }: Deps) {
  const secure = config.server.issuer.startsWith('https:');
  const { keyring } = domain;
  const { rememberDays } = config.secondFactor;
  const { lifetime, resendAfter } = config.oneTimeCodes;
  return {
    trail: signInTrail({
      cookie: sealedCookie<Trail>({
        ...{ keyring, clock, secure, name: 'sign_ins', seconds: TRAIL_SECONDS },
        browser: guard.browser,
      }),
      guard,
      show,
    }),
    remembered: rememberedDevice({
      ...{ clock, seconds: rememberDays * DAY_SECONDS },
      cookie:
        rememberDays === 0
          ? undefined
          : sealedCookie<Remembered>({
              ...{ keyring, clock, secure, name: 'second_factor', seconds: rememberDays * DAY_SECONDS },
              browser: device.read,
            }),
      browser: device.read,
      generationOf: async (accountId) => (await domain.accounts.find(accountId))?.generation,
    }),
    sentCodes: sentCodePages({
      secondFactors: domain.secondFactors,
      ...{ clock, guard, addressOf, lifetime, resendAfter },
      cookie: sealedCookie<SentCode>({
        ...{ keyring, clock, secure, name: 'second_code', seconds: lifetime },
        browser: guard.browser,
      }),
    }),
  };
}
