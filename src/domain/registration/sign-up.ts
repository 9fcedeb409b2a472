import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { takeTurn } from '../../db/turn.ts';
import { AppError } from '../../errors/app-error.ts';
import { addressKey } from '../../lib/addresses.ts';
import { DAY_SECONDS, HOUR_SECONDS } from '../../lib/durations.ts';
import { equaliseTiming } from '../../lib/equalised-timing.ts';
import type { Keyring } from '../../lib/keyring.ts';
import type { Account } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import { localeOf, readerOf } from '../accounts/notices.ts';
import { audit } from '../audit/audit.ts';
import type { Clients } from '../clients/clients.ts';
import { contacts } from '../contacts/contacts.ts';
import type { Origin } from '../known-origins/known-origins.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import { mailedSecrets } from '../mailed-secrets/mailed-secrets.ts';
import { type Channels, requireChannel } from '../messages/channels.ts';
import type { Locale } from '../messages/message.ts';
import type { Outbox } from '../messages/outbox.ts';
import type { Counters } from '../rate-limits/counters.ts';
import { consumeAll, type Limit } from '../rate-limits/limits.ts';
import type { Refusals } from '../rate-limits/refusals.ts';
import { ACTIVATE_PATH, withQuery } from '../recovery/mail-uri.ts';
import { type Email, isSameEmail, parseEmail } from '../values/email.ts';
import { parseFullName } from '../values/person-name.ts';
import { findPending, type PendingAccount } from './pending-store.ts';

export interface NewSignUp {
  email: string;
  /** The first word becomes the first name, the rest the last name. */
  name: string;
  /** The target of the link in the mail. Defaults to the hosted page. */
  activateUri?: string | undefined;
  locale: Locale;
  origin: Origin;
}

/**
 * Creates an account that waits for its activation, or finds the one that already waits at this address, and mails an
 * identifier and a secret. An older secret becomes invalid. If the address belongs to another account, its owner
 * receives a notice instead, and the caller learns nothing. Throws `INVALID_ACTIVATE_URI` on `activate_uri`,
 * `INVALID_EMAIL`, `INVALID_NAME`, `TOO_MANY_ATTEMPTS`, `MAIL_UNAVAILABLE`.
 */
export type SignUp = (customer: NewSignUp) => Promise<void>;

export interface SignUpDeps {
  db: Db;
  keyring: Keyring;
  /** Accounts in a given transaction. */
  accountsIn: (db: Db) => Pick<Accounts, 'find' | 'changeProfile'>;
  lifecycleIn: (db: Db) => Pick<Lifecycle, 'create'>;
  outbox: (db: Db) => Outbox;
  channels: Channels;
  counters: Counters;
  refusals: Pick<Refusals, 'ofLimits'>;
  clients: Pick<Clients, 'isMailUri'>;
  /** Without a trailing slash. */
  issuer: string;
}

/** A sign-up whose members were validated. */
interface Checked {
  email: Email;
  profile: { firstName: string; lastName: string | null; locale: Locale };
  uri: string;
  askedFrom: string;
}

const LIFETIME_SECONDS = DAY_SECONDS;
const PER_ADDRESS = 200;

export function signUp(deps: SignUpDeps): SignUp {
  const { db, keyring, accountsIn, lifecycleIn, outbox, counters, clients, issuer } = deps;

  async function landing(activateUri: string | undefined): Promise<string> {
    if (activateUri === undefined) return issuer + ACTIVATE_PATH;
    if (await clients.isMailUri('activate_uris', activateUri)) return activateUri;
    throw new AppError('INVALID_ACTIVATE_URI', { field: 'activate_uri' });
  }

  async function tellOwner(tx: Db, owner: Account, { email, askedFrom }: Checked): Promise<void> {
    const to = owner.contacts.find(({ kind, value }) => kind === 'email' && isSameEmail(value, email.value));
    if (!to) return;
    await outbox(tx).add({
      channel: 'mail',
      kind: 'email-registered',
      countedAs: 'activate-account',
      askedFrom,
      ...readerOf(owner, to),
      values: {},
      to: to.value,
      locale: localeOf(owner),
      accountId: owner.id,
      lifetimeSeconds: LIFETIME_SECONDS,
    });
  }

  /**
   * Returns the pending account of this person, and creates it if there is none. Its name is the last one given, unless
   * it was imported: anyone can sign up with the address.
   */
  async function pending(tx: Db, { email, profile }: Checked): Promise<PendingAccount> {
    const waiting = await findPending(tx, email.key);
    if (waiting) {
      if (!waiting.isImported) await accountsIn(tx).changeProfile(waiting.accountId, profile);
      return waiting;
    }
    const listed = { kind: 'email' as const, value: email.value, verified: false };
    const account = await lifecycleIn(tx).create({ status: 'pending', profile, contacts: [listed] });
    return { accountId: account.id, email: email.value, isImported: false };
  }

  async function mailSecret(
    tx: Db,
    { accountId, email }: PendingAccount,
    { uri, profile, askedFrom }: Checked,
  ): Promise<void> {
    const secrets = mailedSecrets({ db: tx, keyring });
    const generated = secrets.generate('activate_account');
    const values = { identifier: generated.identifier, secret: generated.key };
    const mailed = await outbox(tx).add({
      channel: 'mail',
      kind: 'activate-account',
      to: email,
      askedFrom,
      values: { ...values, link: withQuery(uri, values) },
      showsValues: true,
      locale: profile.locale,
      accountId,
      lifetimeSeconds: LIFETIME_SECONDS,
    });
    // beyond the limit of mails, the secret of the last one stays valid
    if (mailed !== 'added') return;
    await secrets.save({ purpose: 'activate_account', accountId, email }, generated, LIFETIME_SECONDS);
    await audit({ db: tx }).record({ event: 'account.signed_up', accountId });
  }

  async function signedUp(customer: Checked): Promise<void> {
    const { key } = customer.email;
    await transaction(db, async (tx) => {
      await takeTurn(tx, `sign up ${key}`);
      const ownerId = await contacts({ db: tx }).owner('email', key);
      const owner = ownerId === undefined ? undefined : await accountsIn(tx).find(ownerId);
      if (owner && owner.status !== 'pending') return tellOwner(tx, owner, customer);
      await mailSecret(tx, await pending(tx, customer), customer);
    });
  }

  return async ({ email: typed, name, activateUri, locale, origin }) => {
    requireChannel(deps.channels, 'mail');
    const uri = await landing(activateUri);
    const email = parseEmail(typed);
    if (!email) throw new AppError('INVALID_EMAIL', { field: 'email' });
    const parsed = parseFullName(name);
    if (!parsed) throw new AppError('INVALID_NAME', { field: 'name' });
    const profile = { ...parsed, locale };
    const subject = `sign up ${addressKey(origin.address)}`;
    const limit: Limit = {
      name: subject,
      limit: PER_ADDRESS,
      windowSeconds: HOUR_SECONDS,
      label: 'registration_address',
    };
    await deps.refusals.ofLimits(
      () => ({ event: 'registration.refused' }),
      { subject, address: origin.address },
      () => consumeAll(counters, [limit]),
    );
    await equaliseTiming(() => signedUp({ email, profile, uri, askedFrom: origin.address }));
  };
}
