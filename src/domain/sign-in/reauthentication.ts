import { AppError } from '../../errors/app-error.ts';
import { type Clock, epochSeconds } from '../../lib/clock.ts';
import type { PasswordAuthenticator } from '../authenticators/password/password.ts';
import type { Credentials } from '../credentials/credentials.ts';
import type { Origin } from '../known-origins/known-origins.ts';

/** The seconds after a sign-in during which sensitive changes require no reauthentication. */
export const RECENT_AUTH_SECONDS = 300;

export interface CurrentPassword {
  accountId: number;
  /** The password as supplied; undefined if none was. An empty string counts as missing. */
  password: string | undefined;
  /** The name of the password's field in the request. */
  field: string;
  origin: Origin;
}

export type PasswordProblem = 'PASSWORD_MISSING' | 'PASSWORD_WRONG';

/**
 * Reauthentication before a sensitive change. A recent sign-in suffices; otherwise the current password is required, or
 * a new sign-in if the account has no password.
 */
export interface Reauthentication {
  /** `authenticatedAt` is in epoch seconds; undefined if the person never authenticated. */
  isRecent(authenticatedAt: number | undefined): boolean;
  /** Whether the change requires the current password. */
  needsPassword(person: { accountId: number; isRecent: boolean }): Promise<boolean>;
  /** Applies the whole rule. Returns false if only a new sign-in suffices. Throws what `confirmPassword` throws. */
  confirm(request: CurrentPassword & { isRecent: boolean }): Promise<boolean>;
  /**
   * Verifies the current password, within the limits of sign-ins. A supplied password is verified even if it is not
   * required. Throws `PASSWORD_MISSING` and `PASSWORD_WRONG` on the field, `TOO_MANY_ATTEMPTS`, and `ACCOUNT_NOT_FOUND`
   * if the account was deleted in the meantime.
   */
  confirmPassword(request: CurrentPassword & { required: boolean }): Promise<void>;
  /** The same, but returns the problem of the password, so that it can be reported together with other errors. */
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
