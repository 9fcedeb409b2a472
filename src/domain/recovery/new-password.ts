import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { type Account, mainContact } from '../accounts/account.ts';
import { type Accounts, existing } from '../accounts/accounts.ts';
import type { NationalIds } from '../accounts/national-ids.ts';
import { contacts } from '../contacts/contacts.ts';
import type { Credentials } from '../credentials/credentials.ts';
import { contextOf } from '../credentials/personal-context.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { MailedSecret } from '../mailed-secrets/mailed-secret.ts';
import { mailedSecrets } from '../mailed-secrets/mailed-secrets.ts';
import type { Outbox } from '../messages/outbox.ts';
import { parseEmail } from '../values/email.ts';
import { resetTrust } from './reset-trust.ts';

export interface NewPasswordDeps {
  db: Db;
  keyring: Keyring;
  accounts: Pick<Accounts, 'find'>;
  /** Accounts in a given transaction. */
  lifecycleIn: (db: Db) => Pick<Lifecycle, 'activate'>;
  nationalIds: Pick<NationalIds, 'read'>;
  credentials: (db: Db) => Credentials;
  outbox: (db: Db) => Outbox;
}

/** Returns whether an error means that the secret is not valid, or no longer valid. */
export const isWrongSecret = (error: unknown): boolean =>
  error instanceof AppError && ['LINK_INVALID', 'ACCOUNT_NOT_FOUND', 'ACCOUNT_DELETED'].includes(error.code);

/** Returns whether an account is pending and its activation would prove this address. */
const isActivatedBy = (account: Account, key: string): boolean =>
  account.status === 'pending' && parseEmail(mainContact(account, 'email')?.value ?? '')?.key === key;

/**
 * Sets a password by a secret that was mailed to an address of the account, which proves the address. The address is
 * verified, the account is handed over, and a pending account is activated. Throws `CONTACT_TAKEN`, the password
 * policy's codes, and the errors that `isWrongSecret` recognises.
 */
export async function setPasswordByMail(
  deps: NewPasswordDeps,
  secret: MailedSecret,
  password: string,
  steps: {
    /** Returns whether the secret may still do this, in the transaction that does it. */
    check(tx: Db, account: Account): Promise<boolean>;
    /** Makes further changes in the same transaction. */
    afterwards?(tx: Db, account: Account): Promise<void>;
  },
): Promise<void> {
  const { db, keyring, credentials, outbox } = deps;
  const { accountId } = secret;
  const email = parseEmail(secret.email);
  const before = await deps.accounts.find(accountId);
  if (!before || !email) throw new AppError('LINK_INVALID');
  const nationalId = await deps.nationalIds.read(accountId);
  const hash = await credentials(db).hash(password, contextOf(before, nationalId));

  await transaction(db, async (tx) => {
    const account = await existing(tx, accountId);
    if (!(await steps.check(tx, account))) throw new AppError('LINK_INVALID');
    await mailedSecrets({ db: tx, keyring }).claim(secret);
    if (!(await contacts({ db: tx }).verifyEmail(accountId, email))) throw new AppError('LINK_INVALID');
    await credentials(tx).write(accountId, hash);
    if (isActivatedBy(account, email.key)) await deps.lifecycleIn(tx).activate(accountId);
    await resetTrust({ db: tx, keyring, outbox: outbox(tx) }, accountId, { kind: 'email', key: email.key });
    await steps.afterwards?.(tx, account);
  });
}
