import type { Context } from 'koa';
import { minutesOf } from '../../domain/one-time-codes/one-time-code.ts';
import type { SecondFactors, SentFactor } from '../../domain/second-factors/second-factors.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import type { SealedCookie } from '../../http/sealed-cookie.ts';
import type { Clock } from '../../lib/clock.ts';
import { browserOf } from './browser-of.ts';
import { type CodeLifetimes, codeTimes } from './code-times.ts';
import {
  EMAIL_FACTOR_PATHS,
  EMAIL_SETUP_PATHS,
  type SentCodePaths,
  SMS_FACTOR_PATHS,
  SMS_SETUP_PATHS,
} from './paths.ts';
import { pageLocale } from './show.ts';

/** The pages that request and accept each code during a sign-in. */
export const SENT_FACTOR_PATHS: Readonly<Record<SentFactor, SentCodePaths>> = {
  sms: SMS_FACTOR_PATHS,
  email: EMAIL_FACTOR_PATHS,
};

/** The same pages for activating the factor. */
export const SENT_FACTOR_SETUP_PATHS: Readonly<Record<SentFactor, SentCodePaths>> = {
  sms: SMS_SETUP_PATHS,
  email: EMAIL_SETUP_PATHS,
};

/** A code that was sent from a page. */
export interface SentCode {
  accountId: number;
  /** Also shown in the message. Undefined when another response returned it. */
  reference: string | undefined;
  /** Milliseconds since 1970. */
  sentAt: number;
}

/** The details of a code that its page shows. */
export interface ShownSentCode {
  reference: string | undefined;
  minutes: number;
  wait: number;
  validFor: number;
}

export interface SentCodesDeps extends CodeLifetimes {
  secondFactors: Pick<SecondFactors, 'send'>;
  /** Stores a code between its request and its page, per page. */
  cookie: SealedCookie<SentCode>;
  clock: Clock;
  guard: Pick<FormGuard, 'browser'>;
  /** The IP address of the caller. */
  addressOf: (ctx: Context) => string;
}

/**
 * Sends second-factor codes from pages. Each page of a code has access only to the codes that were requested for it.
 */
export interface SentCodePages {
  /** `path` is the path of the code's page. Throws the errors of `SecondFactors.send`. */
  send(
    ctx: Context,
    path: string,
    code: { accountId: number; factor: SentFactor; uiLocales?: string | undefined },
  ): Promise<void>;
  /** Undefined when no code was sent for this account. */
  shown(ctx: Context, path: string, accountId: number): ShownSentCode | undefined;
  browser(ctx: Context): string;
  forget(ctx: Context, path: string): void;
}

export function sentCodePages(deps: SentCodesDeps): SentCodePages {
  const { secondFactors, cookie, clock, guard } = deps;
  const known = (ctx: Context, path: string, accountId: number): SentCode | undefined => {
    const code = cookie.read(ctx, path);
    return code?.accountId === accountId ? code : undefined;
  };

  return {
    async send(ctx, path, { accountId, factor, uiLocales }) {
      const sent = await secondFactors.send(accountId, factor, {
        locale: pageLocale(ctx, uiLocales),
        address: deps.addressOf(ctx),
        browser: browserOf(guard, ctx),
      });
      // already sent: the stored details are kept
      if (!sent && known(ctx, path, accountId)) return;
      cookie.write(ctx, path, { accountId, reference: sent?.reference, sentAt: clock.now().getTime() });
    },
    shown(ctx, path, accountId) {
      const code = known(ctx, path, accountId);
      return (
        code && {
          reference: code.reference,
          minutes: minutesOf(deps.lifetime),
          ...codeTimes(deps, code.sentAt, clock.now()),
        }
      );
    },
    browser: (ctx) => browserOf(guard, ctx),
    forget: (ctx, path) => cookie.clear(ctx, path),
  };
}
