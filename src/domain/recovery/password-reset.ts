import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { addressKey } from '../../lib/addresses.ts';
import { HOUR_SECONDS } from '../../lib/durations.ts';
import { equaliseTiming } from '../../lib/equalised-timing.ts';
import { existing } from '../accounts/accounts.ts';
import { localeOf, notify, readerOf } from '../accounts/notices.ts';
import { audit } from '../audit/audit.ts';
import type { Clients } from '../clients/clients.ts';
import { findRecoverable, recoverableBy } from '../identifiers/recoverable.ts';
import type { Origin } from '../known-origins/known-origins.ts';
import type { CallerTries } from '../mailed-secrets/caller-tries.ts';
import type { MailedSecret } from '../mailed-secrets/mailed-secret.ts';
import { mailedSecrets } from '../mailed-secrets/mailed-secrets.ts';
import { type Channels, requireChannel } from '../messages/channels.ts';
import type { Locale } from '../messages/message.ts';
import type { Counters } from '../rate-limits/counters.ts';
import { consumeAll, type Limit } from '../rate-limits/limits.ts';
import type { Refusals } from '../rate-limits/refusals.ts';
import { type Email, isSameEmail, parseEmail } from '../values/email.ts';
import { RESET_PATHS, withQuery, withSegment } from './mail-uri.ts';
import { isWrongSecret, type NewPasswordDeps, setPasswordByMail } from './new-password.ts';
import { newPassphrase } from './passphrase.ts';

export interface ResetProof {
  email: string;
  /** The code from the mail. */
  code: string;
  origin: Origin;
}

export interface ResetRequest {
  email: string;
  resetUri: string;
  /** The language for a person who never chose one. */
  locale: Locale;
  origin: Origin;
  /** For a client of the Self-service API. */
  showsValues?: boolean;
  /** Parameters that are added to the link. */
  query?: Readonly<Record<string, string>>;
}

export interface PasswordReset {
  /**
   * Mails a code to an address that recovers an account, in a link built from `resetUri`. Throws `INVALID_RESET_URI` on
   * `reset_uri`, `MAIL_UNAVAILABLE`, and `TOO_MANY_ATTEMPTS` beyond two hundred requests an hour from one address.
   * Otherwise reports nothing, in the same time whether or not the account exists.
   */
  request(request: ResetRequest): Promise<void>;
  /**
   * Sets the password that the owner chose. Verifies the address, ends all sessions and tokens of the account, and
   * mails a notice. Throws `RESET_CODE_INVALID` for any error in the address or the code, `CONTACT_TAKEN`, the password
   * policy's codes, `TOO_MANY_ATTEMPTS`.
   */
  reset(reset: ResetProof & { password: string }): Promise<void>;
  /** Does the same with a random password, which it returns. */
  resetToPassphrase(reset: ResetProof): Promise<{ passphrase: string }>;
}

interface Deps extends NewPasswordDeps {
  clients: Pick<Clients, 'isMailUri'>;
  counters: Counters;
  tries: CallerTries;
  refusals: Pick<Refusals, 'note' | 'ofLimits'>;
  channels: Channels;
  /** Without a trailing slash. */
  issuer: string;
}

const LIFETIME_SECONDS = 1800;
/** Every request writes a counter of its mail address, even if no account has the address. */
const PER_ADDRESS = 200;
/** No account has this id. */
const NOBODY = 0;

const invalid = (error: unknown): never => {
  throw isWrongSecret(error) ? new AppError('RESET_CODE_INVALID', { field: 'code', cause: error }) : error;
};

export function passwordReset(deps: Deps): PasswordReset {
  const { db, keyring, issuer, refusals } = deps;

  /** Returns the absolute URI that the code is appended to. */
  async function landing(resetUri: string): Promise<string> {
    if (RESET_PATHS.some((path) => path === resetUri)) return issuer + resetUri;
    if (await deps.clients.isMailUri('reset_uris', resetUri)) return resetUri;
    throw new AppError('INVALID_RESET_URI', { field: 'reset_uri' });
  }

  /**
   * Mails a code. Executes the same statements, up to the commit, for an address that recovers nothing: the duration
   * reveals nothing, however busy the database is.
   */
  async function mailCode(
    { locale, origin, showsValues, query = {} }: ResetRequest,
    { key, value }: Email,
    uri: string,
  ): Promise<void> {
    const found = await findRecoverable(db, key);
    const account = await deps.accounts.find(found?.accountId ?? NOBODY);
    const recovered = account && found;
    const accountId = recovered?.accountId ?? NOBODY;
    const to = recovered?.email ?? value;
    const contact = account?.contacts.find((one) => one.kind === 'email' && one.value === to);
    const limited = await transaction(db, async (tx) => {
      const secrets = mailedSecrets({ db: tx, keyring });
      const generated = secrets.generate('reset_password');
      const mailed = await deps.outbox(tx).add({
        channel: 'mail',
        kind: 'reset-password',
        to,
        toNobody: recovered === undefined,
        askedFrom: origin.address,
        showsValues,
        ...(account && contact && readerOf(account, contact)),
        values: { code: generated.key, link: withQuery(withSegment(uri, generated.key), query) },
        locale: account?.profile.locale ? localeOf(account) : locale,
        accountId,
        lifetimeSeconds: LIFETIME_SECONDS,
      });
      // beyond the limit of mails, the code of the last one stays valid: strangers must not be able to invalidate it
      if (mailed !== 'added') return true;
      await secrets.save({ purpose: 'reset_password', accountId, email: to }, generated, LIFETIME_SECONDS);
      return false;
    });
    if (limited)
      await refusals.note(
        {
          event: 'recovery.refused',
          accountId: recovered?.accountId,
          reason: 'locked',
          details: { limit: 'mails' },
        },
        { subject: `reset mail ${key}`, address: origin.address },
      );
  }

  /** Returns the secret for an address and a code, if the address still recovers its account. */
  async function look(on: Db, email: string, code: string): Promise<MailedSecret> {
    const found = await recoverableBy(on, email);
    const secret = await mailedSecrets({ db: on, keyring }).lookNewest(
      found?.accountId ?? 0,
      code,
      'reset_password',
    );
    if (!isSameEmail(secret.email, email)) throw new AppError('LINK_INVALID');
    return secret;
  }

  async function redeem({ email, code, origin }: ResetProof, password: string): Promise<void> {
    const guess = () => equaliseTiming(() => look(db, email, code));
    const accountId = async () => (await recoverableBy(db, email))?.accountId;
    const secret = await deps.tries.spend({ purpose: 'reset_password', key: code, origin, accountId }, guess);
    await setPasswordByMail(deps, secret, password, {
      check: async (tx) => (await recoverableBy(tx, email))?.accountId === secret.accountId,
      async afterwards(tx, account) {
        // read again: other contacts are no longer known to be the owner's
        const recovered = await existing(tx, account.id);
        await notify({ outbox: deps.outbox(tx) }, recovered, 'password-changed');
        await audit({ db: tx }).record({ event: 'account.password_reset', accountId: account.id });
      },
    });
  }

  return {
    async request(request) {
      requireChannel(deps.channels, 'mail');
      const uri = await landing(request.resetUri);
      const { address } = request.origin;
      const limit: Limit = {
        name: `reset mails ${addressKey(address)}`,
        limit: PER_ADDRESS,
        windowSeconds: HOUR_SECONDS,
        label: 'reset_address',
      };
      await refusals.ofLimits(
        async () => ({
          event: 'recovery.refused',
          accountId: (await recoverableBy(db, request.email))?.accountId,
        }),
        { subject: `reset address ${addressKey(address)}`, address },
        () => consumeAll(deps.counters, [limit]),
      );
      const email = parseEmail(request.email);
      await equaliseTiming(async () => email && mailCode(request, email, uri));
    },
    reset: ({ password, ...proof }) => redeem(proof, password).catch(invalid),
    async resetToPassphrase(proof) {
      const passphrase = newPassphrase();
      await redeem(proof, passphrase).catch(invalid);
      return { passphrase };
    },
  };
}
