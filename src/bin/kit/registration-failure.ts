import { RegistrationError, type RegistrationProblem } from '../../oidc/library/registration-error.ts';
import { CommandError, usage } from './failure.ts';

/** The option that solves a problem, by problem. */
const HINTS: Partial<Record<RegistrationProblem, string>> = {
  number: ' Omit --number.',
  offline_access: ' Add --grant-type refresh_token.',
  only_refreshes: ' Add --grant-type authorization_code.',
  redirect_uri_scheme: ' For a custom scheme, register a native app with --native.',
};
/** Problems that are not usage errors: oidc-provider refuses the registration. */
const REFUSED: readonly RegistrationProblem[] = ['invalid', 'redirect_uri_scheme'];

/**
 * Converts a refused registration into an error that names the options of the command. Returns any other error
 * unchanged.
 */
export function registrationFailure(error: unknown): unknown {
  if (!(error instanceof RegistrationError)) return error;
  const message = `${error.message}${HINTS[error.problem] ?? ''}`;
  return REFUSED.includes(error.problem) ? new CommandError(message) : usage(message);
}
