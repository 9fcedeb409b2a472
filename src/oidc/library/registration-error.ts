/** `invalid` is what the library's schema refuses; the others are rules of ours. */
export type RegistrationProblem =
  | 'generated'
  | 'client_id'
  | 'number'
  | 'bindings'
  | 'offline_access'
  | 'only_refreshes'
  | 'default_resource'
  | 'client_credentials_scope'
  | 'token_exchange'
  | 'redirect_uri_scheme'
  | 'invalid';

/** Why a registration is refused. Its message is for operators and names no option of any surface. */
export class RegistrationError extends Error {
  readonly problem: RegistrationProblem;

  constructor(problem: RegistrationProblem, message: string) {
    super(message);
    this.name = 'RegistrationError';
    this.problem = problem;
  }
}
