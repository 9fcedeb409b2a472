import type { Config } from '../../config/config.ts';
import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { equaliseTiming } from '../../lib/equalised-timing.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { contacts } from '../contacts/contacts.ts';
import type { KnownOrigins, Origin } from '../known-origins/known-origins.ts';
import { type Channels, requireChannel } from '../messages/channels.ts';
import type { Locale } from '../messages/message.ts';
import type { Outbox } from '../messages/outbox.ts';
import type { Counters } from '../rate-limits/counters.ts';
import { isOfLimit, type Refusals } from '../rate-limits/refusals.ts';
import { type CodeAsker, networkDigest } from './asker.ts';
import { codeGuesses } from './code-guesses.ts';
import {
  type CodePurpose,
  minutesOf,
  newCode,
  newReference,
  parseCode,
  prefixOf,
  purposesOf,
} from './one-time-code.ts';
import {
  type Conversion,
  claimCode,
  conversions,
  isUsedBy,
  prolongCode,
  replaceCode,
} from './one-time-code-store.ts';
import { consumeSendLimits, type MessageRefund, sendCounted } from './send-limits.ts';

export interface CodeRequest {
  /** E.164. */
  mobile: string;
  purpose?: CodePurpose | undefined;
  locale: Locale;
  asker: CodeAsker;
}

export interface CodeGuess {
  /** E.164. */
  mobile: string;
  /** As typed by a person. */
  code: string;
  purpose: CodePurpose;
  origin: Origin;
}

export interface CodeSent {
  reference: string;
  /** Seconds. */
  expiresIn: number;
  resendAfter: number;
}

export interface RightCode {
  id: number;
  /** The number belonged to an account when the code was sent. Its holder may be informed. */
  numberTaken: boolean;
}

export interface OneTimeCodes {
  /**
   * Sends a code; the response and its time are the same whether or not one was sent. Throws `SMS_UNAVAILABLE` where no
   * SMS can be sent, `TOO_MANY_ATTEMPTS`, and `UNAVAILABLE` beyond the sending limit of the whole deployment.
   */
  request(request: CodeRequest): Promise<CodeSent>;
  /**
   * Checks a code, as typed by a person, without using it up. Throws `CODE_WRONG` for every reason that it is not
   * right. The error contains the attempts that the caller has left for the pending code, counted the same way for all
   * numbers. Throws `TOO_MANY_ATTEMPTS` after too many wrong codes of the caller for this number. Text that cannot be a
   * code costs no attempt.
   */
  check(guess: CodeGuess): Promise<RightCode>;
  /**
   * Extends the lifetime of a right code to at least a quarter of an hour from now: a person who has typed it has a
   * form to fill in before it is used.
   */
  prolong(code: RightCode): Promise<void>;
  /**
   * Returns whether this browser requested a code for this number within the lifetime of a code, i.e. submitted its
   * form twice.
   */
  askedBy(mobile: string, browser: string): Promise<boolean>;
  /** Returns whether this browser used up this code within the last minute, i.e. submitted its form twice. */
  usedBy(mobile: string, code: string, browser: string): Promise<boolean>;
  /**
   * Returns how many codes were sent and used in the last day, by busy prefix. Only codes whose lifetime has passed are
   * counted.
   */
  conversions(): Promise<Conversion[]>;
  /** Uses up a right code, in the caller's transaction. Throws `CODE_WRONG` when a concurrent request has used it. */
  use(db: Db, code: RightCode): Promise<void>;
}

export interface OneTimeCodesDeps {
  db: Db;
  keyring: Keyring;
  counters: Counters;
  outbox: (db: Db) => Outbox;
  knownOrigins: Pick<KnownOrigins, 'isKnown'>;
  refusals: Pick<Refusals, 'noteError' | 'ofLimits'>;
  channels: Channels;
  settings: Config['oneTimeCodes'];
  /** Called when the limit of the deployment refuses, or when a prefix is stopped. */
  onAlert: (limit: 'global' | 'conversion') => void;
}

const PROLONGED_SECONDS = 900;
const REPEAT_SECONDS = 60;
const DIGEST = 'one_time_codes.digest';
const BROWSER = 'one_time_codes.browser';
/** The limit of notes, which are counted and never refused. */
const UNLIMITED = 1_000_000;

export function oneTimeCodes(deps: OneTimeCodesDeps): OneTimeCodes {
  const { db, keyring, counters, refusals, settings } = deps;
  const guess = codeGuesses(deps);
  /** Returns digests bound to the number: a code is worthless for another one. */
  const digestsOf = (mobile: string, code: string): Buffer[] => keyring.digests(DIGEST, `${mobile} ${code}`);

  const askedName = (mobile: string, browser: string): string => `code asked by ${browser} for ${mobile}`;

  /**
   * Notes the browser before anything is counted: of two simultaneous submissions of a form, the one that is refused
   * finds the note of the other, and not only the limit. Returns a function that refunds everything with the note.
   */
  async function consumeLimits({ mobile, asker }: CodeRequest): Promise<MessageRefund> {
    const note = asker.browser && askedName(mobile, asker.browser);
    if (note) await counters.consume(note, UNLIMITED, settings.lifetime);
    const forget = async () => void (note && (await counters.refund(note)));
    try {
      const refund = await consumeSendLimits(deps, mobile, asker);
      return async () => {
        await forget();
        await refund();
      };
    } catch (error) {
      await forget();
      throw error;
    }
  }

  async function send(request: CodeRequest, reference: string): Promise<void> {
    const { mobile, purpose, locale, asker } = request;
    const [holder, trusted] = await Promise.all([
      contacts({ db }).owner('mobile', mobile),
      contacts({ db }).trustedOwner('mobile', mobile),
    ]);
    const possible = purposesOf({ isTaken: holder !== undefined, isTrusted: trusted !== undefined });
    const purposes = purpose ? possible.filter((one) => one === purpose) : possible;
    const message = {
      channel: 'sms' as const,
      to: mobile,
      locale,
      accountId: holder,
      lifetimeSeconds: settings.lifetime,
    };
    const code = newCode();
    const [digest] = digestsOf(mobile, code);
    await transaction(db, async (tx) => {
      // a code without a purpose is stored too, and never sent: guesses at it are counted and answered alike
      await replaceCode(tx, {
        mobile,
        prefix: prefixOf(mobile),
        digest: digest as Buffer,
        purposes,
        browser: asker.browser === undefined ? null : keyring.digest(BROWSER, asker.browser),
        network: networkDigest(keyring, asker.address),
        lifetime: settings.lifetime,
      });
      const [kind] = purposes;
      const values = { code, reference, minutes: String(minutesOf(settings.lifetime)) };
      if (kind) await deps.outbox(tx).add({ ...message, kind: `code-${kind}`, values });
      // the holder of a number may learn that it is registered; other people must not
      else if (purpose === 'register')
        await deps.outbox(tx).add({ ...message, kind: 'mobile-registered', values: {} });
      // the holder may also learn why no code arrives
      else if (holder !== undefined && trusted === undefined && purpose !== 'change_mobile')
        await deps.outbox(tx).add({ ...message, kind: 'mobile-unconfirmed', values: {} });
    });
  }

  async function checked({ mobile, code, purpose, origin }: CodeGuess): Promise<RightCode> {
    const row = await guess({ kind: 'mobile', key: mobile }, code, {
      origin,
      digestsOf: (digits) => digestsOf(mobile, digits),
    });
    const wantsFreeNumber = purpose === 'register' || purpose === 'change_mobile';
    const numberTaken =
      wantsFreeNumber && !row.purposes.some((one) => one === 'register' || one === 'change_mobile');
    if (!numberTaken && !row.purposes.includes(purpose))
      throw new AppError('CODE_WRONG', { reason: 'code_for_another_purpose' });
    return { id: row.id, numberTaken };
  }

  async function noteFailure({ mobile, purpose, origin }: CodeGuess, error: AppError): Promise<void> {
    const isRefused = isOfLimit(error);
    await refusals.noteError(
      error,
      {
        event: isRefused ? 'code.refused' : 'code.failed',
        accountId: await contacts({ db }).trustedOwner('mobile', mobile),
        details: { purpose },
      },
      {
        subject: `mobile ${mobile}`,
        address: origin.address,
        most: isRefused ? 1 : settings.triesPerCode,
      },
    );
  }

  return {
    async request(request) {
      requireChannel(deps.channels, 'sms');
      const { mobile, purpose, asker } = request;
      const refund = await refusals.ofLimits(
        async () => ({
          event: 'code.refused',
          accountId: await contacts({ db }).trustedOwner('mobile', mobile),
          clientId: asker.clientId,
          details: { purpose: purpose ?? null },
        }),
        { subject: `mobile ${mobile}`, address: asker.address },
        () => consumeLimits(request),
      );
      const reference = newReference();
      await equaliseTiming(() => sendCounted(refund, () => send(request, reference)));
      return { reference, expiresIn: settings.lifetime, resendAfter: settings.resendAfter };
    },

    async check(guess) {
      try {
        return await checked(guess);
      } catch (error) {
        // signing in records events of its own
        if (error instanceof AppError && error.status < 500 && guess.purpose !== 'login')
          await noteFailure(guess, error);
        throw error;
      }
    },

    prolong: ({ id }) => prolongCode(db, id, PROLONGED_SECONDS),
    async askedBy(mobile, browser) {
      return !(await counters.look(askedName(mobile, browser), 1)).taken;
    },
    usedBy: (mobile, code, browser) =>
      isUsedBy(db, {
        mobile,
        digests: digestsOf(mobile, parseCode(code) ?? ''),
        browsers: keyring.digests(BROWSER, browser),
        seconds: REPEAT_SECONDS,
      }),
    conversions: () => conversions(db, settings.conversionSends, settings.lifetime),

    async use(tx, { id }) {
      if (!(await claimCode(tx, id))) throw new AppError('CODE_WRONG', { reason: 'used_code' });
    },
  };
}
