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
  /** As it was typed, or came with a link. */
  code: string;
  /** A value that only the browser has which asked for the code. */
  browser: string;
  origin: Origin;
  clientId?: string | undefined;
  requestId?: string | undefined;
}

/**
 * Signing in with a code by e-mail, which works once, and only in the browser that asked for it. It goes to addresses
 * that are verified and confirmed for an active account, and to no other.
 */
export interface EmailCodeAuthenticator extends Authenticator<EmailCodeAttempt> {
  /**
   * Has a code sent, and says the same, in the same time, whether or not one was. Undefined when this browser asked
   * moments ago, so that it is on its way. Throws `MAIL_UNAVAILABLE`, `TOO_MANY_ATTEMPTS`.
   */
  request(request: EmailCodeRequest): Promise<CodeSent | undefined>;
  /** The active account of the address. Throws `CODE_WRONG` for every reason to refuse, `TOO_MANY_ATTEMPTS`. */
  verify(attempt: EmailCodeAttempt): Promise<Account>;
  /** What a mail's link holds; undefined for one that we did not make. `browser`: the caller's, if it has a value. */
  readLink(link: string, browser: string | undefined): CodeLink | undefined;
  /** Whether the code of a link can still be used. Changes nothing: mail scanners open links, too. */
  isWaiting(link: CodeLink): Promise<boolean>;
}

interface Deps extends SentCodeDeps {
  emailCodes: EmailCodes;
}

/** The page that the links of mails open. */
export const SIGN_IN_LINK_PATH = '/sign-in-link';

/** The address as the account has it, which is the only one that is written to. */
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
