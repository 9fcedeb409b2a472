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
  /** The current password, for what cannot be changed without it; verified whenever it is supplied. */
  currentPassword?: string | undefined;
  origin: Origin;
  preservedSession: PreservedSession;
}

/** A profile that its owner sees and changes as a whole. */
export interface ProfileChanges {
  /** Throws `ACCOUNT_NOT_FOUND`. */
  show(accountId: number): Promise<OwnProfile>;
  /**
   * Changes what differs from what is shown, all of it or nothing, and ends a change of e-mail that waits. A
   * password, a proved mobile, taking a verified one off and, by a setting, an e-mail need the current password:
   * `PASSWORD_MISSING`, `PASSWORD_WRONG` on `currentPassword`. Throws `Violations`, the policy's codes,
   * `CODE_WRONG`, `CONTACT_TAKEN` on a proved `mobile`, `TOO_MANY_ATTEMPTS`.
   */
  change(request: ProfileRequest): Promise<OwnProfile>;
  /**
   * Makes the address that a mailed key proves the account's e-mail. Throws `LINK_INVALID`, also when someone else has
   * proved it meanwhile, and `TOO_MANY_ATTEMPTS`.
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

/** Profiles are changed as a whole in the Self-service API only, whose clients read what its mails say. */
const READ_BY_CLIENTS = { showsValues: true };

/** A step of a change, in its transaction, on the account as it is there. */
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

  /** Checks everything that a transaction must not wait for or undo; the steps that are left to be written. */
  async function prepare(
    { account }: OwnProfile,
    planned: PlannedChange,
    { preservedSession, origin }: Pick<ProfileRequest, 'preservedSession' | 'origin'>,
  ): Promise<Step[]> {
    const { profile, mobile, password, email, subscriptions } = planned;
    // a change of e-mail ends an earlier one itself, once its mail is taken
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
    // last: a change of password or mobile ends a change of e-mail that waits
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
