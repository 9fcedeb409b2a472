import { AppError } from '../../errors/app-error.ts';
import { type Clock, epochSeconds } from '../../lib/clock.ts';
import type { PasswordAuthenticator } from '../authenticators/password/password.ts';
import type { Credentials } from '../credentials/credentials.ts';
import type { Origin } from '../known-origins/known-origins.ts';

/** For so long after a sign-in a sensitive change asks for nothing more. */
export const RECENT_AUTH_SECONDS = 300;

export interface CurrentPassword {
  accountId: number;
  /** As supplied: an empty text is a missing one. Undefined when none was. */
  password: string | undefined;
  /** What the password is called where it comes from. */
  field: string;
  origin: Origin;
}

export type PasswordProblem = 'PASSWORD_MISSING' | 'PASSWORD_WRONG';

/**
 * Proving again who is signed in, before a sensitive change: a recent sign-in suffices, otherwise the current password,
 * and a new sign-in where the account has no password.
 */
export interface Reauthentication {
  /** `authenticatedAt` in epoch seconds; undefined when that never happened. */
  isRecent(authenticatedAt: number | undefined): boolean;
  /** Whether the change asks for the current password. */
  needsPassword(person: { accountId: number; isRecent: boolean }): Promise<boolean>;
  /** The whole rule; false when only a new sign-in suffices. Throws what `confirmPassword` throws. */
  confirm(request: CurrentPassword & { isRecent: boolean }): Promise<boolean>;
  /**
   * Asks for the current password, counted with the sign-ins. One that is supplied is verified even where it is not
   * required. Throws `PASSWORD_MISSING` and `PASSWORD_WRONG` on the field, `TOO_MANY_ATTEMPTS`, `ACCOUNT_NOT_FOUND`
   * when the account was removed meanwhile.
   */
  confirmPassword(request: CurrentPassword & { required: boolean }): Promise<void>;
  /** The same, but returns what is wrong with the password, to be reported together with other errors. */
  passwordProblem(request: CurrentPassword & { required: boolean }): Promise<PasswordProblem | undefined>;
}

interface Deps {
  clock: Clock;
  passwordAuthenticator: Pick<PasswordAuthenticator, 'isCurrent'>;
  credentials: Pick<Credentials, 'has'>;
}

export function reauthentication({ clock, passwordAuthenticator, credentials }: Deps): Reauthentication {
  const needsPassword: Reauthentication['needsPassword'] = async ({ accountId, isRecent }) =>
    !isRecent && (await credentials.has(accountId));

  const passwordProblem: Reauthentication['passwordProblem'] = async (request) => {
    const { accountId, password, required, origin } = request;
    if (!password) return required || password !== undefined ? 'PASSWORD_MISSING' : undefined;
    const right = await passwordAuthenticator.isCurrent({ accountId, password, origin });
    return right ? undefined : 'PASSWORD_WRONG';
  };

  const confirmPassword: Reauthentication['confirmPassword'] = async (request) => {
    const problem = await passwordProblem(request);
    if (problem) throw new AppError(problem, { field: request.field });
  };

  return {
    isRecent: (authenticatedAt) =>
      authenticatedAt !== undefined && epochSeconds(clock.now()) - authenticatedAt <= RECENT_AUTH_SECONDS,
    needsPassword,
    async confirm({ isRecent, ...request }) {
      const required = await needsPassword({ accountId: request.accountId, isRecent });
      await confirmPassword({ ...request, required });
      return isRecent || required;
    },
    confirmPassword,
    passwordProblem,
  };
}
