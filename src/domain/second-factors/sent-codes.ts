import { AppError } from '../../errors/app-error.ts';
import type { Account, Contact } from '../accounts/account.ts';
import { readerOf } from '../accounts/notices.ts';
import { parseContact } from '../contacts/contacts.ts';
import type { Channels } from '../messages/channels.ts';
import type { Locale } from '../messages/message.ts';
import type { CodeHolder, ContactCodes } from '../one-time-codes/contact-codes.ts';
import type { ContactCodePurpose } from '../one-time-codes/one-time-code.ts';
import type { CodeSent } from '../one-time-codes/one-time-codes.ts';
import type { Refusals } from '../rate-limits/refusals.ts';
import type { AuthenticatorRow } from './second-factor-store.ts';
import { maskContact, receiverOf, SENT, SENT_FACTORS, type SentFactor } from './sent-factor.ts';

/** The request of a person for a code. */
export interface SentCodeRequest {
  locale: Locale;
  /** An IP address. */
  address: string;
  /** A value that only the caller's browser has: the code is valid nowhere else. */
  browser: string;
}

/** A factor that an account can use, and the masked contact that the code is sent to. */
export interface OfferedFactor {
  factor: SentFactor;
  to: string;
}

type Rows = readonly Pick<AuthenticatorRow, 'method'>[];

/** Codes by SMS and e-mail to contacts of an account. `rows` are the second factors that it has enabled. */
export interface SentCodes {
  /** Returns the enabled factors that work: the contact is verified and the channel is available. */
  working(account: Account | undefined, rows: Rows): OfferedFactor[];
  /** Returns the factors that the account could use or enable, at contacts that are known to be its owner's. */
  possible(account: Account | undefined): OfferedFactor[];
  /**
   * Sends a code; returns undefined when one is on its way. Throws `NOT_FOUND` without a contact, and as
   * `ContactCodes.send` does.
   */
  send(
    account: Account,
    rows: Rows,
    factor: SentFactor,
    request: SentCodeRequest,
  ): Promise<CodeSent | undefined>;
  /** Uses up the code that was sent; returns false for any other. */
  use(
    account: Account,
    rows: Rows,
    factor: SentFactor,
    guess: { code: string; browser: string },
  ): Promise<boolean>;
}

interface Deps {
  purpose: ContactCodePurpose;
  channels: Channels;
  contactCodes: ContactCodes;
  refusals: Pick<Refusals, 'ofLimits'>;
}

const isOn = (rows: Rows, factor: SentFactor): boolean => rows.some(({ method }) => method === factor);

export function sentCodes({ purpose, channels, contactCodes, refusals }: Deps): SentCodes {
  const offered = (
    account: Account | undefined,
    factors: readonly SentFactor[],
    isTurnedOn: boolean,
  ): OfferedFactor[] =>
    factors.flatMap((factor) => {
      const contact = account && receiverOf(account, factor, { isOn: isTurnedOn });
      return contact && channels.has(SENT[factor].channel) ? [{ factor, to: maskContact(contact) }] : [];
    });

  function receiver(account: Account, rows: Rows, factor: SentFactor): Contact {
    const contact = receiverOf(account, factor, { isOn: isOn(rows, factor) });
    if (!contact) throw new AppError('NOT_FOUND');
    return contact;
  }

  const holderOf = (account: Account, { kind, value }: Contact, browser: string): CodeHolder => ({
    purpose,
    accountId: account.id,
    contact: parseContact(kind, value),
    browser,
  });

  return {
    working: (account, rows) =>
      offered(
        account,
        SENT_FACTORS.filter((factor) => isOn(rows, factor)),
        true,
      ),
    possible: (account) => offered(account, SENT_FACTORS, false),
    async send(account, rows, factor, { locale, address, browser }) {
      const contact = receiver(account, rows, factor);
      return refusals.ofLimits(
        () => ({ event: 'code.refused', accountId: account.id, details: { purpose } }),
        { subject: `account ${account.id}`, address },
        () =>
          contactCodes.send({
            ...holderOf(account, contact, browser),
            to: contact.value,
            reader: readerOf(account, contact),
            ...{ locale, address },
          }),
      );
    },
    async use(account, rows, factor, { code, browser }) {
      const contact = receiverOf(account, factor, { isOn: isOn(rows, factor) });
      return contact !== undefined && contactCodes.use(holderOf(account, contact, browser), code);
    },
  };
}
