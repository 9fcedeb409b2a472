/** `invalid` is a refusal by the library's schema; the others are rules of Pratu. */
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

/** The refusal of a registration. Its message is for operators and does not refer to the options of any interface. */
export class RegistrationError extends Error {
  readonly problem: RegistrationProblem;

  constructor(problem: RegistrationProblem, message: string) {
    super(message);
    this.name = 'RegistrationError';
    this.problem = problem;
  }
}
