import { transaction } from '../../../db/transaction.ts';
import type { Account } from '../../accounts/account.ts';
import { readerOf } from '../../accounts/notices.ts';
import type { Origin } from '../../known-origins/known-origins.ts';
import type { CodeLink } from '../../one-time-codes/code-links.ts';
import type { EmailCodeRequest, EmailCodes, EmailReceiver } from '../../one-time-codes/email-codes.ts';
import type { CodeSent } from '../../one-time-codes/one-time-codes.ts';
import { type Email, isSameEmail } from '../../values/email.ts';
import type { Authenticator } from '../authenticator.ts';
import { type SentCodeDeps, sentCodeSignIn } from '../sent-code.ts';
import { emailCodeMethod } from './method.ts';

export interface EmailCodeAttempt {
  /** The key of the address. */
  email: string;
  /** As typed, or as taken from a link. */
  code: string;
  /** A value that only the browser that requested the code has. */
  browser: string;
  origin: Origin;
  clientId?: string | undefined;
  requestId?: string | undefined;
}

/**
 * Sign-in with a single-use code by e-mail, which works only in the browser that requested it. Codes are sent only to
 * addresses that are verified and confirmed for an active account.
 */
export interface EmailCodeAuthenticator extends Authenticator<EmailCodeAttempt> {
  /**
   * Requests a code. The response and its time are the same whether or not a code is sent. Returns undefined if this
   * browser requested one moments ago, which is still on its way. Throws `MAIL_UNAVAILABLE`, `TOO_MANY_ATTEMPTS`.
   */
  request(request: EmailCodeRequest): Promise<CodeSent | undefined>;
  /** Returns the active account of the address. Throws `CODE_WRONG` for every reason to refuse, `TOO_MANY_ATTEMPTS`. */
  verify(attempt: EmailCodeAttempt): Promise<Account>;
  /**
   * Returns the contents of a mail's link; undefined for an invalid link. `browser` is the caller's value, if it has
   * one.
   */
  readLink(link: string, browser: string | undefined): CodeLink | undefined;
  /** Returns whether the code of a link can still be used. Changes nothing, because mail scanners also open links. */
  isWaiting(link: CodeLink): Promise<boolean>;
}

interface Deps extends SentCodeDeps {
  emailCodes: EmailCodes;
}

/** The page that links in mails open. */
export const SIGN_IN_LINK_PATH = '/sign-in-link';

/** Returns the address as the account stores it: mail is sent to no other spelling. */
function receiverOf(account: Account | undefined, email: Email): EmailReceiver | undefined {
  const contact = account?.contacts.find(
    ({ kind, value }) => kind === 'email' && isSameEmail(value, email.value),
  );
  return (
    account && contact && { accountId: account.id, to: contact.value, reader: readerOf(account, contact) }
  );
}

export function emailCode({ emailCodes, ...deps }: Deps): EmailCodeAuthenticator {
  const { holderOf, verify } = sentCodeSignIn(deps, emailCodeMethod.name);
  return {
    method: emailCodeMethod,
    request: (request) =>
      emailCodes.request(request, async () => {
        const { email } = request;
        return receiverOf(await holderOf({ kind: 'email', key: email.key }), email);
      }),
    verify: ({ email, code, browser, ...attempt }) =>
      verify(
        { contact: { kind: 'email', key: email }, ...attempt },
        {
          async check() {
            const right = await emailCodes.check({ email, code, browser, origin: attempt.origin });
            return () => transaction(deps.db, (tx) => emailCodes.use(tx, right));
          },
          isAgain: () => emailCodes.usedBy({ email, code, browser }),
        },
      ),
    readLink: emailCodes.read,
    isWaiting: emailCodes.isWaiting,
  };
}
