import type { Account } from '../../domain/accounts/account.ts';
import type { SmsCodeAuthenticator } from '../../domain/authenticators/sms-code/sms-code.ts';
import type { CodeSent, OneTimeCodes } from '../../domain/one-time-codes/one-time-codes.ts';
import type { MethodName } from '../../domain/sign-in/methods.ts';
import type { Locale } from '../../domain/values/locale.ts';
import { parseMobile } from '../../domain/values/mobile.ts';
import type { Attempt } from './attempt.ts';

/** A way to send codes. */
export interface OtpChannel {
  /** The authentication method that its codes are of. */
  method: MethodName;
  /** The address of this channel that a person typed, in its one spelling; undefined for any other text. */
  read(typed: string): string | undefined;
  /** Has a code sent; the answer is the same whether or not an account has the address. */
  send(address: string, by: Attempt & { locale: Locale; isAuthenticated: boolean }): Promise<CodeSent>;
  verify(address: string, code: string, by: Attempt): Promise<Account>;
}

interface Deps {
  codes: Pick<OneTimeCodes, 'request'>;
  smsCode: Pick<SmsCodeAuthenticator, 'verify'>;
  /** ISO 3166-1 codes of the countries whose mobiles are accepted. */
  countries: readonly string[];
}

/** The values of `otp_channel`. */
export const otpChannels = ({
  codes,
  smsCode,
  countries,
}: Deps): Readonly<Record<string, OtpChannel | undefined>> => ({
  sms: {
    method: 'code',
    read: (typed) => parseMobile(typed, { countries }),
    send: (mobile, { origin, session, clientId, isAuthenticated, locale }) =>
      codes.request({
        mobile,
        purpose: 'login',
        locale,
        asker: {
          address: origin.address,
          browser: session.id,
          // anyone can use the ID of a client without a secret
          clientId: isAuthenticated ? clientId : undefined,
        },
      }),
    verify: (mobile, code, { origin, session, clientId, requestId }) =>
      smsCode.verify({ mobile, code, browser: session.id, origin, clientId, requestId }),
  },
});
