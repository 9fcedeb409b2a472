import { RegistrationError, type RegistrationProblem } from '../../oidc/library/registration-error.ts';
import { CommandError, usage } from './failure.ts';

/** Which option helps, by what is wrong. */
const HINTS: Partial<Record<RegistrationProblem, string>> = {
  number: ' Omit --number.',
  offline_access: ' Add --grant-type refresh_token.',
  only_refreshes: ' Add --grant-type authorization_code.',
  redirect_uri_scheme: ' For a custom scheme, register a native app with --native.',
};
/** What the library refuses is no wrong usage of the command. */
const REFUSED: readonly RegistrationProblem[] = ['invalid', 'redirect_uri_scheme'];

/** A refused registration in the words of the command; anything else as it is. */
export function registrationFailure(error: unknown): unknown {
  if (!(error instanceof RegistrationError)) return error;
  const message = `${error.message}${HINTS[error.problem] ?? ''}`;
  return REFUSED.includes(error.problem) ? new CommandError(message) : usage(message);
}
