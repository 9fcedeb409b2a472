import type { Context, Middleware } from 'koa';
import compose from 'koa-compose';
import type { Account } from '../../domain/accounts/account.ts';
import { localeOf } from '../../domain/accounts/notices.ts';
import type { Channels } from '../../domain/messages/channels.ts';
import { minutesOf, parseCode } from '../../domain/one-time-codes/one-time-code.ts';
import type { OneTimeCodes } from '../../domain/one-time-codes/one-time-codes.ts';
import type { MobileChange } from '../../domain/settings/mobile-change.ts';
import { isLocale, type Locale } from '../../domain/values/locale.ts';
import { nationalMobile, parseMobile } from '../../domain/values/mobile.ts';
import type { SealedCookie } from '../../http/sealed-cookie.ts';
import type { Clock } from '../../lib/clock.ts';
import { type CodeLifetimes, codeTimes } from '../kit/code-times.ts';
import { refuseIf } from '../kit/form-errors.ts';
import { localesOf } from '../kit/show.ts';
import type { AccountContext } from './account-context.ts';
import { type AccountArea, accountPage, type Sent, SIGN_IN_AGAIN, withOutcome } from './account-page.ts';
import { shownContact } from './overview.ts';
import {
  identifierOf,
  needsPassword,
  type ReauthenticationDeps,
  reauthenticated,
} from './reauthentication.ts';

const PATH = '/account/mobile';
const CODE_PATH = '/account/mobile/code';

/** A change that awaits its code. It is created only after a re-authentication. */
export interface MobileInChange {
  sessionUid: string;
  /** E.164. */
  mobile: string;
  /** Shown in the message, so that a person can tell codes apart. */
  reference: string;
  /** Milliseconds since 1970. */
  sentAt: number;
}

interface Deps extends ReauthenticationDeps, CodeLifetimes {
  clock: Clock;
  codes: Pick<OneTimeCodes, 'request'>;
  mobileChange: Pick<MobileChange, 'change'>;
  channels: Channels;
  /** Stores the number between its page and the page of the code. */
  cookie: SealedCookie<MobileInChange>;
  /** ISO 3166-1 codes of the countries whose mobiles are accepted. */
  countries: readonly string[];
}

/** The typed number in E.164, if it is not already a verified number of the account. Throws `FormRefused`. */
function wantedMobile(
  { mobile = '' }: Sent,
  { account }: AccountContext,
  countries: readonly string[],
): string {
  if (mobile.trim() === '') refuseIf([{ field: 'mobile', code: 'MOBILE_MISSING' }]);
  const parsed = parseMobile(mobile, { countries });
  if (parsed === undefined) refuseIf([{ field: 'mobile', code: 'INVALID_MOBILE' }]);
  const isOwn = account.contacts.some(
    ({ kind, value, verified }) => kind === 'mobile' && verified && value === parsed,
  );
  if (isOwn) refuseIf([{ field: 'mobile', code: 'MOBILE_UNCHANGED' }]);
  return parsed ?? '';
}

/** The person's own choice, otherwise the language of the requesting page. */
const messageLocale = (ctx: Context, account: Account, { locale }: Sent): Locale =>
  account.profile.locale === null && isLocale(locale, localesOf(ctx)) ? locale : localeOf(account);

/**
 * `/account/mobile`: changes the mobile. The person enters the number, re-authenticates and enters the code that was
 * sent to it. The old number and the e-mail are notified. All other sessions and tokens of the account are revoked,
 * and this session continues.
 */
export function mobilePages(area: AccountArea, deps: Deps): Middleware {
  const { codes, channels, mobileChange, cookie, clock, originOf, countries } = deps;

  async function sendCode(
    ctx: Context,
    { account, sessionUid }: AccountContext,
    mobile: string,
    sent: Sent,
  ): Promise<void> {
    const { reference } = await codes.request({
      mobile,
      purpose: 'change_mobile',
      locale: messageLocale(ctx, account, sent),
      asker: { address: originOf(ctx).address },
    });
    cookie.write(ctx, PATH, { sessionUid, mobile, reference, sentAt: clock.now().getTime() });
  }

  const inChange = (ctx: Context, { sessionUid }: AccountContext): MobileInChange | undefined => {
    const begun = cookie.read(ctx, PATH);
    return begun?.sessionUid === sessionUid ? begun : undefined;
  };

  const numberPage = accountPage(area, {
    name: 'account/mobile',
    path: PATH,
    outcomes: ['mobile_changed'],
    load: async (accountContext, sent) => ({
      mobile: shownContact(accountContext.account, 'mobile'),
      typed: sent?.mobile ?? '',
      identifier: identifierOf(accountContext.account),
      canSend: channels.has('sms'),
      needsPassword: await needsPassword(deps, accountContext),
    }),
    forms: [
      {
        once: true,
        async submit(sent, accountContext, ctx) {
          const mobile = wantedMobile(sent, accountContext, countries);
          if (!(await reauthenticated(deps, sent, accountContext, ctx))) return SIGN_IN_AGAIN;
          await sendCode(ctx, accountContext, mobile, sent);
          return CODE_PATH;
        },
      },
    ],
  });

  const codePage = accountPage(area, {
    name: 'account/mobile-code',
    path: CODE_PATH,
    outcomes: ['code_sent'],
    async load(accountContext, _sent, ctx) {
      const begun = inChange(ctx, accountContext);
      if (!begun) return PATH;
      const { mobile, reference, sentAt } = begun;
      return {
        mobile: nationalMobile(mobile),
        reference,
        minutes: minutesOf(deps.lifetime),
        ...codeTimes(deps, sentAt, clock.now()),
      };
    },
    forms: [
      {
        once: true,
        async submit(sent, accountContext, ctx) {
          const begun = inChange(ctx, accountContext);
          if (!begun) return PATH;
          const code = parseCode(sent.code ?? '') ?? '';
          if (code === '') refuseIf([{ field: 'code', code: 'SMS_CODE_MISSING' }]);
          await mobileChange.change({
            accountId: accountContext.account.id,
            mobile: begun.mobile,
            code,
            origin: originOf(ctx),
            preservedSession: accountContext.preservedSession,
          });
          cookie.clear(ctx, PATH);
          return withOutcome(PATH, 'mobile_changed');
        },
      },
      {
        action: '/account/mobile/code/again',
        async submit(sent, accountContext, ctx) {
          const begun = inChange(ctx, accountContext);
          if (!begun) return PATH;
          await sendCode(ctx, accountContext, begun.mobile, sent);
          return withOutcome(CODE_PATH, 'code_sent');
        },
      },
    ],
  });

  return compose([numberPage, codePage]);
}
