import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Account } from '../accounts/account.ts';
import { type Accounts, existing } from '../accounts/accounts.ts';
import type { Origin } from '../known-origins/known-origins.ts';
import type { CallerTries } from '../mailed-secrets/caller-tries.ts';
import type { PreservedSession } from '../sessions/end-sessions.ts';
import type { Reauthentication } from '../sign-in/reauthentication.ts';
import type { Subscriptions } from '../subscriptions/subscriptions.ts';
import type { EmailLinks, LinkKey } from './email-links.ts';
import type { MobileChange } from './mobile-change.ts';
import type { PasswordChange } from './password-change.ts';
import {
  isNoChange,
  type OwnProfile,
  type PlannedChange,
  planChange,
  type WantedProfile,
} from './profile-change.ts';

export interface ProfileRequest {
  accountId: number;
  wanted: WantedProfile;
  /** The current password, required for some changes; verified whenever it is supplied. */
  currentPassword?: string | undefined;
  origin: Origin;
  preservedSession: PreservedSession;
}

/** A profile that its owner reads and changes as a whole. */
export interface ProfileChanges {
  /** Throws `ACCOUNT_NOT_FOUND`. */
  show(accountId: number): Promise<OwnProfile>;
  /**
   * Changes the members that differ from the profile shown, all or none. Any change ends a pending change of e-mail.
   *
   * The current password is required for a new password, a verified mobile, the removal of a verified mobile and, if so
   * configured, a new e-mail. Otherwise throws `PASSWORD_MISSING` or `PASSWORD_WRONG` on `currentPassword`.
   *
   * Throws `Violations`, the policy's codes, `CODE_WRONG`, `CONTACT_TAKEN` on a verified `mobile`, `TOO_MANY_ATTEMPTS`.
   */
  change(request: ProfileRequest): Promise<OwnProfile>;
  /**
   * Sets the address that a mailed key verifies as the account's e-mail. Throws `LINK_INVALID`, also if another account
   * has verified the address in the meantime, and `TOO_MANY_ATTEMPTS`.
   */
  confirmEmail(link: LinkKey, origin: Origin): Promise<void>;
}

interface Deps {
  db: Db;
  accounts: Pick<Accounts, 'find'>;
  subscriptions: Subscriptions;
  emailLinks: Pick<EmailLinks, 'prepareChange' | 'waitingEmail' | 'endChange' | 'confirm'>;
  mobileChange: Pick<MobileChange, 'prepare' | 'setUnproved'>;
  passwordChange: Pick<PasswordChange, 'prepare'>;
  reauthentication: Pick<Reauthentication, 'confirmPassword'>;
  accountsIn: (db: Db) => Pick<Accounts, 'changeProfile'>;
  tries: CallerTries;
  settings: { emailNeedsPassword: boolean; topics: readonly string[]; countries: readonly string[] };
}

/** Only the Self-service API changes profiles as a whole. Its clients read the values in the mails. */
const READ_BY_CLIENTS = { showsValues: true };

/** A step of a change, run in its transaction on the account as read there. */
type Step = (tx: Db, account: Account) => Promise<void>;

export function profileChanges(deps: Deps): ProfileChanges {
  const { db, settings, emailLinks, reauthentication } = deps;

  async function show(accountId: number): Promise<OwnProfile> {
    const [account, subscriptions, pendingEmail = null] = await Promise.all([
      deps.accounts.find(accountId),
      deps.subscriptions.list(accountId),
      emailLinks.waitingEmail(accountId),
    ]);
    if (account?.status !== 'active') throw new AppError('ACCOUNT_NOT_FOUND');
    return { account, subscriptions, pendingEmail };
  }

  const needsPassword = ({ account }: OwnProfile, { password, mobile, email }: PlannedChange): boolean =>
    password !== undefined ||
    mobile?.code !== undefined ||
    (mobile?.value === null &&
      account.contacts.some(({ kind, verified }) => kind === 'mobile' && verified)) ||
    (email !== undefined && settings.emailNeedsPassword);

  /**
   * Performs every check that must not run in, or be rolled back with, a transaction. Returns the steps to be written.
   */
  async function prepare(
    { account }: OwnProfile,
    planned: PlannedChange,
    { preservedSession, origin }: Pick<ProfileRequest, 'preservedSession' | 'origin'>,
  ): Promise<Step[]> {
    const { profile, mobile, password, email, subscriptions } = planned;
    // a change of e-mail ends an earlier one itself, once its mail is accepted
    const steps: Step[] = email ? [] : [(tx, { id }) => emailLinks.endChange(tx, id)];
    if (Object.keys(profile).length > 0)
      steps.push((tx, { id }) => deps.accountsIn(tx).changeProfile(id, profile));
    if (subscriptions) steps.push((tx, { id }) => deps.subscriptions.replace(tx, id, subscriptions));
    if (mobile?.value && mobile.code !== undefined) {
      const proved = { mobile: mobile.value, code: mobile.code, origin };
      const write = await deps.mobileChange.prepare(account, proved);
      steps.push((tx) => write(tx, preservedSession));
    } else if (mobile) steps.push((tx, present) => deps.mobileChange.setUnproved(tx, present, mobile.value));
    if (password !== undefined) {
      const write = await deps.passwordChange.prepare(account, password);
      steps.push((tx) => write(tx, preservedSession));
    }
    // last: a change of password or mobile ends a pending change of e-mail
    if (email) steps.push(await emailLinks.prepareChange(email, origin.address, READ_BY_CLIENTS));
    return steps;
  }

  return {
    show,
    async change(request) {
      const { accountId, wanted, preservedSession, origin } = request;
      const shown = await show(accountId);
      const planned = planChange(shown, wanted, settings);
      await reauthentication.confirmPassword({
        accountId,
        password: request.currentPassword,
        required: needsPassword(shown, planned),
        field: 'currentPassword',
        origin,
      });
      if (isNoChange(planned)) return shown;
      const steps = await prepare(shown, planned, request);
      await transaction(db, async (tx) => {
        const account = await existing(tx, accountId, preservedSession.generation);
        for (const step of steps) await step(tx, account);
      });
      return show(accountId);
    },
    confirmEmail: (link, origin) =>
      deps.tries.spend({ purpose: 'change_email', key: link.key, origin }, async () => {
        try {
          await emailLinks.confirm('change_email', link, READ_BY_CLIENTS);
        } catch (error) {
          const taken = error instanceof AppError && error.code === 'CONTACT_TAKEN';
          throw taken ? new AppError('LINK_INVALID', { cause: error }) : error;
        }
      }),
  };
}
