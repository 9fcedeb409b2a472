import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { existing } from '../accounts/accounts.ts';
import { audit } from '../audit/audit.ts';
import type { Subscriptions } from '../subscriptions/subscriptions.ts';
import type { Locale } from '../values/locale.ts';
import {
  type ConsentChannel,
  type ConsentRecord,
  type Covered,
  type CurrentText,
  isTextPurpose,
  type Purpose,
  type Standing,
  standingOf,
} from './consent-record.ts';
import { insertRecords, readRecords, withdrawRecords } from './consent-record-store.ts';

/** A text to accept, with whether an earlier version was accepted. */
export type DueText = CurrentText & { standing: Standing };

/** Where and in which language a consent was given. */
export interface GivenOn {
  channel: ConsentChannel;
  language: Locale;
  clientId?: string | undefined;
}

/** The consent records of accounts (ISO/IEC TS 27560): the texts and purposes that people accepted and withdrew. */
export interface ConsentRecords {
  /** The texts in force that every person accepts; empty if the deployment has configured none. */
  readonly texts: readonly CurrentText[];
  /** The purposes to which people can consent, in the order of the configuration. */
  readonly purposes: readonly Purpose[];
  /** Records, in the caller's transaction, that a new account accepted the texts in force. */
  register(db: Db, accountId: number, on: GivenOn): Promise<void>;
  /** Returns the texts in force that the account has not accepted. Reads nothing if there are no texts. */
  due(accountId: number): Promise<readonly DueText[]>;
  /** Records that a person accepted the texts in force. Earlier acceptances remain. */
  accept(accountId: number, on: GivenOn): Promise<void>;
  /**
   * Records a consent to the text in force, unless it is already recorded. Returns false and does nothing if `version`
   * is no longer in force. Throws `NOT_FOUND` for a purpose that is not configured.
   */
  give(accountId: number, given: { purpose: string; version: string }, on: GivenOn): Promise<boolean>;
  /**
   * Withdraws a consent, also to a purpose that is no longer configured, and ends what it covers in the same
   * transaction. Throws `NOT_FOUND` for the texts that every person accepts, and for an unknown purpose.
   */
  withdraw(accountId: number, purpose: string, on: { channel: ConsentChannel }): Promise<void>;
  /** Returns all records of an account, newest first. */
  list(accountId: number): Promise<ConsentRecord[]>;
}

export interface ConsentRecordsDeps {
  db: Db;
  texts: readonly CurrentText[];
  purposes: readonly Purpose[];
  subscriptions: Pick<Subscriptions, 'replace'>;
}

export function consentRecords({ db, texts, purposes, subscriptions }: ConsentRecordsDeps): ConsentRecords {
  const acceptedTexts = (on: GivenOn) => texts.map(({ purpose, version }) => ({ ...on, purpose, version }));

  /**
   * Ends what a consent covers. Partner searches read the record itself, so nothing else needs to be ended for them.
   */
  async function endCovered(tx: Db, accountId: number, covers: readonly Covered[]): Promise<void> {
    if (covers.includes('subscriptions')) await subscriptions.replace(tx, accountId, []);
  }

  return {
    texts,
    purposes,
    async register(tx, accountId, on) {
      await insertRecords(tx, accountId, acceptedTexts(on));
    },
    async due(accountId) {
      if (texts.length === 0) return [];
      const records = await readRecords(db, accountId);
      return texts
        .map((text) => ({ ...text, standing: standingOf(text, records) }))
        .filter(({ standing }) => standing !== 'given');
    },
    accept: (accountId, on) =>
      transaction(db, async (tx) => {
        await existing(tx, accountId);
        const added = await insertRecords(tx, accountId, acceptedTexts(on));
        for (const { purpose, version } of texts.filter((text) => added.includes(text.purpose)))
          await audit({ db: tx }).record({
            ...{ event: 'consent.granted', accountId, clientId: on.clientId },
            details: { purpose, version, channel: on.channel },
          });
      }),
    give: (accountId, { purpose, version }, on) =>
      transaction(db, async (tx) => {
        const known = purposes.find((one) => one.purpose === purpose);
        if (!known) throw new AppError('NOT_FOUND');
        if (known.version !== version) return false;
        await existing(tx, accountId);
        // the language in which it was shown: English if the text is not available in the requested one
        const language = known.text[on.language] === undefined ? 'en' : on.language;
        const added = await insertRecords(tx, accountId, [{ ...on, language, purpose, version }]);
        if (added.length > 0)
          await audit({ db: tx }).record({
            ...{ event: 'consent.granted', accountId, clientId: on.clientId },
            details: { purpose, version, channel: on.channel },
          });
        return true;
      }),
    withdraw: (accountId, purpose, { channel }) =>
      transaction(db, async (tx) => {
        const known = purposes.find((one) => one.purpose === purpose);
        await existing(tx, accountId);
        const records = await readRecords(tx, accountId);
        const isGiven = records.some((record) => record.purpose === purpose);
        if (isTextPurpose(purpose) || !(known || isGiven)) throw new AppError('NOT_FOUND');
        const withdrawn = await withdrawRecords(tx, accountId, purpose, channel);
        // also if no consent was open: a person who refuses must not receive messages
        await endCovered(tx, accountId, known?.covers ?? []);
        for (const version of withdrawn)
          await audit({ db: tx }).record({
            ...{ event: 'consent.withdrawn', accountId },
            details: { purpose, version, channel },
          });
      }),
    list: (accountId) => readRecords(db, accountId),
  };
}
