import type { Account } from '../../domain/accounts/account.ts';
import type { EmailCodeAuthenticator } from '../../domain/authenticators/email-code/email-code.ts';
import type { SmsCodeAuthenticator } from '../../domain/authenticators/sms-code/sms-code.ts';
import type { CodeSent, OneTimeCodes } from '../../domain/one-time-codes/one-time-codes.ts';
import type { MethodName } from '../../domain/sign-in/methods.ts';
import { type Email, parseEmail } from '../../domain/values/email.ts';
import type { Locale } from '../../domain/values/locale.ts';
import { parseMobile } from '../../domain/values/mobile.ts';
import type { Attempt } from './attempt.ts';

/** A way to send codes. */
export interface OtpChannel {
  /** The authentication method of its codes. */
  method: MethodName;
  /** Returns the address of this channel that a person typed, in its canonical form; undefined for any other text. */
  read(typed: string): string | undefined;
  /**
   * Sends a code. The result is the same whether or not an account has the address. Undefined when this sign-in
   * requested one moments ago, which is already on its way.
   */
  send(
    address: string,
    by: Attempt & { locale: Locale; isAuthenticated: boolean },
  ): Promise<CodeSent | undefined>;
  verify(address: string, code: string, by: Attempt): Promise<Account>;
}

interface Deps {
  codes: Pick<OneTimeCodes, 'request'>;
  smsCode: Pick<SmsCodeAuthenticator, 'verify'>;
  emailCode: Pick<EmailCodeAuthenticator, 'request' | 'verify'>;
  /** The ISO 3166-1 codes of the countries whose mobile numbers are accepted. */
  countries: readonly string[];
}

/** Parses an address that `read` has accepted. */
function emailOf(address: string): Email {
  const email = parseEmail(address);
  if (!email) throw new Error('an e-mail address that cannot be read');
  return email;
}

/**
 * Returns the channels by their value of `otp_channel`. Those whose method the deployment does not offer are never
 * accepted.
 */
export const otpChannels = ({
  codes,
  smsCode,
  emailCode,
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
          // any caller can use the ID of a client without a secret
          clientId: isAuthenticated ? clientId : undefined,
        },
      }),
    verify: (mobile, code, { origin, session, clientId, requestId }) =>
      smsCode.verify({ mobile, code, browser: session.id, origin, clientId, requestId }),
  },
  email: {
    method: 'email-code',
    read: (typed) => parseEmail(typed)?.value,
    // the link in the mail only displays the code: there is no browser in which it could continue
    send: (address, { origin, session, locale }) =>
      emailCode.request({ email: emailOf(address), browser: session.id, address: origin.address, locale }),
    verify: (address, code, { session, origin, clientId, requestId }) => {
      const email = emailOf(address).key;
      return emailCode.verify({ email, code, browser: session.id, origin, clientId, requestId });
    },
  },
});
