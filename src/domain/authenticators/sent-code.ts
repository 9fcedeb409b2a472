import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import { actAs } from '../../lib/request-context.ts';
import type { Account } from '../accounts/account.ts';
import { audit } from '../audit/audit.ts';
import type { ContactKey } from '../contacts/contacts.ts';
import type { Identifiers } from '../identifiers/identifiers.ts';
import type { KnownOrigins, Origin } from '../known-origins/known-origins.ts';
import { isOfLimit, type Refusals } from '../rate-limits/refusals.ts';

/** A sign-in by a person who proves, or has proved, control of a contact. */
export interface ContactSignIn {
  contact: ContactKey;
  origin: Origin;
  clientId?: string | undefined;
  requestId?: string | undefined;
}

/** The code verification of one method. */
interface CodeCheck {
  /**
   * Checks the code without consuming it, and returns a function that does. Throws `CODE_WRONG`, `TOO_MANY_ATTEMPTS`.
   */
  check(): Promise<() => Promise<void>>;
  /** Returns whether this browser consumed the code moments ago, because its form was submitted twice. */
  isAgain(): Promise<boolean>;
}

/** Sign-in with codes that are sent to a verified contact: the part that all channels share. */
export interface SentCodeSignIn {
  /** Returns the active account that may sign in with this contact. */
  holderOf(contact: ContactKey): Promise<Account | undefined>;
  /** Records the sign-in and the place that it came from. */
  succeed(signIn: ContactSignIn, account: Account): Promise<Account>;
  /**
   * Returns the account after consuming its code. Throws `CODE_WRONG` for every reason to refuse, `TOO_MANY_ATTEMPTS`.
   */
  verify(signIn: ContactSignIn, check: CodeCheck): Promise<Account>;
}

export interface SentCodeDeps {
  db: Db;
  identifiers: Identifiers;
  refusals: Pick<Refusals, 'noteError'>;
  knownOrigins: Pick<KnownOrigins, 'rememberIn' | 'networkTag'>;
}

/** The failures of one contact that are recorded in a window of refusals: as many as a code has attempts. */
const FAILURES_NOTED = 5;

/** `method` is the name of the method. */
export function sentCodeSignIn(
  { db, identifiers, refusals, knownOrigins }: SentCodeDeps,
  method: string,
): SentCodeSignIn {
  async function holderOf(contact: ContactKey): Promise<Account | undefined> {
    const account = await identifiers.trustedAccount(contact);
    return account?.status === 'active' ? account : undefined;
  }

  const trailOf = ({ clientId, requestId, origin }: ContactSignIn, accountId?: number) => ({
    accountId,
    clientId,
    requestId,
    details: { method, network: knownOrigins.networkTag(origin) },
  });

  async function succeed(signIn: ContactSignIn, account: Account): Promise<Account> {
    actAs(`account:${account.id}`);
    await knownOrigins.rememberIn(account.id, signIn.origin, (places) =>
      audit({ db }).record({ ...trailOf(signIn, account.id), event: 'sign_in.succeeded' }, places),
    );
    return account;
  }

  async function useCode({ contact }: ContactSignIn, { check }: CodeCheck): Promise<Account> {
    const use = await check();
    const account = await identifiers.trustedAccount(contact);
    if (account?.status !== 'active')
      throw new AppError('CODE_WRONG', { reason: account ? 'not_active' : 'unknown_identifier' });
    await use();
    return account;
  }

  /**
   * Does not record every failure: guesses at a contact without a pending code consume no attempt and are not limited.
   */
  async function noteFailure(signIn: ContactSignIn, error: AppError, accountId?: number): Promise<void> {
    const { contact, origin } = signIn;
    const isRefused = isOfLimit(error);
    const trail = trailOf(signIn, accountId);
    const account = error.reason === 'not_active' ? await identifiers.trustedAccount(contact) : undefined;
    const details = { ...trail.details, ...(account ? { status: account.status } : {}) };
    await refusals.noteError(
      error,
      { ...trail, details, event: isRefused ? 'sign_in.refused' : 'sign_in.failed' },
      { subject: `name ${contact.key}`, address: origin.address, most: isRefused ? 1 : FAILURES_NOTED },
    );
  }

  return {
    holderOf,
    succeed,
    async verify(signIn, check) {
      try {
        return await succeed(signIn, await useCode(signIn, check));
      } catch (error) {
        if (!(error instanceof AppError) || error.status >= 500) throw error;
        // the same queries whether or not an account has the contact, so that the time reveals nothing
        const [accountId, isAgain] = await Promise.all([
          identifiers.accountId(signIn.contact),
          check.isAgain(),
        ]);
        const account = error.code === 'CODE_WRONG' && isAgain ? await holderOf(signIn.contact) : undefined;
        if (account) return account;
        await noteFailure(signIn, error, accountId);
        throw error;
      }
    },
  };
}
