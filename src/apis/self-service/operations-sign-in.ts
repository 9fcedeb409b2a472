import type { Account } from '../../domain/accounts/account.ts';
import type {
  PasswordAttempt,
  PasswordAuthenticator,
} from '../../domain/authenticators/password/password.ts';
import { parseEmail } from '../../domain/values/email.ts';
import { AppError } from '../../errors/app-error.ts';
import { type AnyOperation, operation } from '../api.ts';
import { type ApiDeps, type Caller, jsonReader } from './authenticate.ts';

interface Deps extends ApiDeps {
  passwordAuthenticator: Pick<PasswordAuthenticator, 'verify'>;
  /** Issues a token of this API for an account whose password has just been checked. */
  issueToken: (account: Account) => Promise<string>;
  /** The client that those tokens are issued to. */
  clientId: string;
}

/** Returns an e-mail address in the form in which it is stored. Throws `INVALID_EMAIL`. */
export function emailText(value: unknown): string {
  const email = parseEmail(String(value));
  if (!email) throw new AppError('INVALID_EMAIL', { field: 'email' });
  return email.value;
}

/** Signing in with e-mail and password. */
export const signInOperations = (deps: Deps): AnyOperation<Caller>[] => [
  operation<Caller, PasswordAttempt, string>({
    id: 'selfServiceLogin',
    method: 'post',
    path: '/customers/login',
    issuesToken: true,
    open: true,
    body: jsonReader(deps),
    read(ctx, { body }) {
      const { email, password } = body as Record<string, unknown>;
      return {
        identifier: emailText(email),
        password: String(password),
        origin: deps.originOf(ctx),
        clientId: deps.clientId,
        requestId: ctx.state.requestId,
      };
    },
    run: async (attempt) => deps.issueToken(await deps.passwordAuthenticator.verify(attempt)),
    write(ctx, token) {
      ctx.body = { token };
    },
  }),
];
