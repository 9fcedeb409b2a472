import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { HOUR_SECONDS, MINUTE_SECONDS } from '../../lib/durations.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { type Account, type Contact, isTrusted, mainContact } from '../accounts/account.ts';
import { type Accounts, existing } from '../accounts/accounts.ts';
import { localeOf, readerOf } from '../accounts/notices.ts';
import type { Origin } from '../known-origins/known-origins.ts';
import type { CallerTries } from '../mailed-secrets/caller-tries.ts';
import { mailedSecrets } from '../mailed-secrets/mailed-secrets.ts';
import type { Channels } from '../messages/channels.ts';
import type { Outbox } from '../messages/outbox.ts';
import type { OneTimeCodes } from '../one-time-codes/one-time-codes.ts';
import { maskEmail } from '../values/email.ts';
import { maskMobile } from '../values/mobile.ts';

export type ProofChannel = 'sms' | 'mail';

/** Uses a proof up, in the transaction that does what it was for. Throws `CODE_WRONG` when another was first. */
export type UseProof = (db: Db) => Promise<void>;

/** A contact that a code can be sent to. */
export interface ProvableContact {
  channel: ProofChannel;
  /** Masked: enough for its owner to recognise it. */
  shown: string;
}

interface Asked {
  channel: ProofChannel;
  origin: Origin;
  /** A value that only the caller's browser has. */
  browser: string;
}

/**
 * Codes that prove a contact of the account before its second factor is removed. People who have only the
 * password can neither begin that nor finish it.
 */
export interface ContactProofs {
  /** The main contact of each kind, where it is the owner's and this deployment can write to it. */
  contactsOf(accountId: number): Promise<ProvableContact[]>;
  /** Sends a code. Throws `NOT_FOUND` for a contact that is not offered, and what `OneTimeCodes.request` throws. */
  send(accountId: number, asked: Asked): Promise<void>;
  /** Checks a code, as a person typed it. Throws `CODE_WRONG`, `TOO_MANY_ATTEMPTS`, `NOT_FOUND` as above. */
  check(accountId: number, guess: { channel: ProofChannel; code: string; origin: Origin }): Promise<UseProof>;
}

interface Deps {
  db: Db;
  keyring: Keyring;
  accounts: Pick<Accounts, 'find'>;
  codes: Pick<OneTimeCodes, 'request' | 'check' | 'use'>;
  tries: CallerTries;
  channels: Channels;
  outbox: (db: Db) => Outbox;
}

const PURPOSE = 'remove_second_factor';
const MAIL_SECONDS = 30 * MINUTE_SECONDS;
const KINDS = { sms: 'mobile', mail: 'email' } as const;

export function contactProofs(deps: Deps): ContactProofs {
  const { db, keyring, channels, codes } = deps;

  function provable(account: Account | undefined, channel: ProofChannel): Contact | undefined {
    const contact = account && mainContact(account, KINDS[channel]);
    return contact && isTrusted(contact) && channels.has(channel) ? contact : undefined;
  }

  async function found(
    accountId: number,
    channel: ProofChannel,
  ): Promise<{ account: Account; contact: Contact }> {
    const account = await deps.accounts.find(accountId);
    const contact = provable(account, channel);
    if (!account || !contact) throw new AppError('NOT_FOUND');
    return { account, contact };
  }

  /** Past the limit of mails the code of the last one stays good. */
  const mail = (accountId: number, origin: Origin): Promise<void> =>
    transaction(db, async (tx) => {
      const account = await existing(tx, accountId);
      const contact = provable(account, 'mail');
      if (!contact) throw new AppError('NOT_FOUND');
      const secrets = mailedSecrets({ db: tx, keyring });
      const generated = secrets.generate(PURPOSE);
      const added = await deps.outbox(tx).add({
        ...{ channel: 'mail', kind: 'second-factor-recovery-code', to: contact.value },
        ...readerOf(account, contact),
        values: { code: generated.key },
        askedFrom: origin.address,
        locale: localeOf(account),
        accountId,
        lifetimeSeconds: MAIL_SECONDS,
      });
      if (added !== 'added')
        throw new AppError('TOO_MANY_ATTEMPTS', {
          retryAfter: HOUR_SECONDS,
          lock: { limit: 'mails', seconds: HOUR_SECONDS },
        });
      await secrets.save({ purpose: PURPOSE, accountId, email: contact.value }, generated, MAIL_SECONDS);
    });

  async function checkMailed(accountId: number, code: string, origin: Origin): Promise<UseProof> {
    const { contact } = await found(accountId, 'mail');
    const secrets = mailedSecrets({ db, keyring });
    const trial = { purpose: PURPOSE, key: code, origin, accountId: async () => accountId } as const;
    const secret = await deps.tries.spend(trial, () => secrets.lookNewest(accountId, code, PURPOSE));
    if (secret.email !== contact.value) throw new AppError('LINK_INVALID');
    return async (tx) => void (await mailedSecrets({ db: tx, keyring }).claim(secret).catch(asWrongCode));
  }

  const asWrongCode = (error: unknown): never => {
    throw error instanceof AppError && error.code === 'LINK_INVALID'
      ? new AppError('CODE_WRONG', { field: 'code', reason: 'wrong_code', cause: error })
      : error;
  };

  return {
    async contactsOf(accountId) {
      const account = await deps.accounts.find(accountId);
      return (['sms', 'mail'] as const).flatMap((channel) => {
        const contact = provable(account, channel);
        if (!contact) return [];
        return [{ channel, shown: channel === 'sms' ? maskMobile(contact.value) : maskEmail(contact.value) }];
      });
    },
    async send(accountId, { channel, origin, browser }) {
      if (channel === 'mail') return mail(accountId, origin);
      const { account, contact } = await found(accountId, 'sms');
      const asker = { address: origin.address, browser };
      await codes.request({ mobile: contact.value, purpose: PURPOSE, locale: localeOf(account), asker });
    },
    async check(accountId, { channel, code, origin }) {
      if (channel === 'mail') return checkMailed(accountId, code, origin).catch(asWrongCode);
      const { contact } = await found(accountId, 'sms');
      const right = await codes.check({ mobile: contact.value, code, purpose: PURPOSE, origin });
      return (tx) => codes.use(tx, right);
    },
  };
}
