import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { equaliseTiming } from '../../lib/equalised-timing.ts';
import { contacts } from '../contacts/contacts.ts';
import type { Origin } from '../known-origins/known-origins.ts';
import { requireChannel } from '../messages/channels.ts';
import type { Locale, Reading } from '../messages/message.ts';
import type { Email } from '../values/email.ts';
import { consumeUnlessAsked } from './asked-again.ts';
import { networkDigest } from './asker.ts';
import { codeGuesses } from './code-guesses.ts';
import { type CodeLink, codeLinks } from './code-links.ts';
import { minutesOf, newCode, newReference, parseCode } from './one-time-code.ts';
import { claimCode, isUsedBy, replaceCode } from './one-time-code-store.ts';
import type { CodeSent, OneTimeCodesDeps } from './one-time-codes.ts';
import { consumeMailLimits, sendCounted } from './send-limits.ts';

/** The recipient of a mail. */
export interface EmailReceiver {
  accountId: number;
  /** The address as stored with the account. */
  to: string;
  reader: Pick<Reading, 'owner'>;
}

export interface EmailCodeRequest {
  email: Email;
  /** A value that only the caller's browser has: the code is valid nowhere else. */
  browser: string;
  /** The IP address of the caller. */
  address: string;
  locale: Locale;
  /** Identifies the sign-in that the link continues; undefined if the link can only show the code. */
  uid?: string | undefined;
}

/** A code that was typed or came with a link. */
export interface EmailCodeGuess {
  /** The key of the address. */
  email: string;
  code: string;
  browser: string;
  origin: Origin;
}

/**
 * Codes that sign in to the account of a verified e-mail address. They share the table and the limits of codes by SMS;
 * a wrong one counts against the same limit of the account.
 */
export interface EmailCodes {
  /**
   * Sends a code to `receiver`, and does the same work if there is none. Returns undefined when this browser requested
   * a code moments ago, which is then on its way. Throws `MAIL_UNAVAILABLE`, `TOO_MANY_ATTEMPTS`.
   */
  request(
    request: EmailCodeRequest,
    receiver: () => Promise<EmailReceiver | undefined>,
  ): Promise<CodeSent | undefined>;
  /** Checks a code without using it up. Throws `CODE_WRONG` for every reason, `TOO_MANY_ATTEMPTS`. */
  check(guess: EmailCodeGuess): Promise<{ id: number }>;
  /** Uses up a right code, in the caller's transaction. Throws `CODE_WRONG` when a concurrent request has used it. */
  use(db: Db, code: { id: number }): Promise<void>;
  /** Returns whether this browser used up this code within the last minute, i.e. submitted its form twice. */
  usedBy(guess: Omit<EmailCodeGuess, 'origin'>): Promise<boolean>;
  /**
   * Returns the content of a mail's link; undefined for a link that this deployment did not create. `browser` is the
   * value of the caller's browser, if it has one.
   */
  read(link: string, browser: string | undefined): CodeLink | undefined;
  /** Returns whether the code of a link can still be used. */
  isWaiting(link: CodeLink): Promise<boolean>;
}

interface Deps extends OneTimeCodesDeps {
  /** The absolute URL of the page that a link opens. */
  linkPage: string;
}

const REPEAT_SECONDS = 60;
const DIGEST = 'one_time_codes.digest';
const BROWSER = 'one_time_codes.browser';
/** No account has this id. */
const NOBODY = 0;

export function emailCodes(deps: Deps): EmailCodes {
  const { db, keyring, settings } = deps;
  const guess = codeGuesses(deps);
  const links = codeLinks(deps);

  /** Returns digests bound to the address and the browser: a code is worthless with another one. */
  const digestsOf = (email: string, browser: string, code: string): Buffer[] =>
    keyring.digests(DIGEST, `email ${browser} ${email} ${code}`);

  /** Executes the same statements whether or not the address has an account, so that the time does not reveal it. */
  async function send(request: EmailCodeRequest, receiver: EmailReceiver | undefined, reference: string) {
    const { email, browser, address, locale, uid } = request;
    const code = newCode();
    const [digest] = digestsOf(email.key, browser, code) as [Buffer];
    const link = links.seal({ email: email.key, code, digest, uid });
    await transaction(db, async (tx) => {
      await replaceCode(tx, {
        mobile: email.key,
        prefix: null,
        digest,
        purposes: receiver ? ['login'] : [],
        browser: keyring.digest(BROWSER, browser),
        network: networkDigest(keyring, address),
        lifetime: settings.lifetime,
      });
      await deps.outbox(tx).add({
        ...{ channel: 'mail', kind: 'code-login', isCounted: true, locale },
        to: receiver?.to ?? email.value,
        toNobody: receiver === undefined,
        ...receiver?.reader,
        values: {
          ...{ code, reference, minutes: String(minutesOf(settings.lifetime)) },
          link: `${deps.linkPage}?${new URLSearchParams({ key: link })}`,
        },
        accountId: receiver?.accountId ?? NOBODY,
        lifetimeSeconds: settings.lifetime,
      });
    });
  }

  return {
    async request(request, receiver) {
      requireChannel(deps.channels, 'mail');
      const { email, browser, address } = request;
      const refund = await deps.refusals.ofLimits(
        async () => ({
          event: 'code.refused',
          accountId: await contacts({ db }).trustedOwner('email', email.key),
          details: { purpose: 'login' },
        }),
        { subject: `email ${email.key}`, address },
        () =>
          consumeUnlessAsked(deps, `code asked by ${browser} for ${email.key}`, () =>
            consumeMailLimits(deps, email.key, { address }, { isAnyone: true }),
          ),
      );
      if (!refund) return undefined;
      const reference = newReference();
      await equaliseTiming(() => sendCounted(refund, async () => send(request, await receiver(), reference)));
      return { reference, expiresIn: settings.lifetime, resendAfter: settings.resendAfter };
    },

    async check({ email, code, browser, origin }) {
      const row = await guess({ kind: 'email', key: email }, code, {
        origin,
        digestsOf: (digits) => digestsOf(email, browser, digits),
      });
      if (!row.purposes.includes('login'))
        throw new AppError('CODE_WRONG', { reason: 'code_for_another_purpose' });
      return { id: row.id };
    },

    async use(tx, { id }) {
      if (!(await claimCode(tx, id))) throw new AppError('CODE_WRONG', { reason: 'used_code' });
    },

    usedBy: ({ email, code, browser }) =>
      isUsedBy(db, {
        mobile: email,
        digests: digestsOf(email, browser, parseCode(code) ?? ''),
        browsers: keyring.digests(BROWSER, browser),
        seconds: REPEAT_SECONDS,
      }),

    read(link, browser) {
      const sealed = links.open(link);
      if (!sealed) return undefined;
      const { email, code, digest } = sealed;
      const own = browser === undefined ? [] : digestsOf(email, browser, code);
      return { ...sealed, isOfBrowser: own.some((one) => one.equals(digest)) };
    },
    isWaiting: ({ email, digest }) => links.isWaiting(email, digest),
  };
}
