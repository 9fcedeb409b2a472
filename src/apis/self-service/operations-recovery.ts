import type { PasswordReset } from '../../domain/recovery/password-reset.ts';
import type { Activation } from '../../domain/registration/activation.ts';
import { AppError } from '../../errors/app-error.ts';
import { type AnyOperation, operation, type RequestParts } from '../api.ts';
import { requestLocale } from '../request-locale.ts';
import { type ApiDeps, type Caller, jsonReader } from './authenticate.ts';
import { emailText } from './operations-sign-in.ts';
import { passphraseToken } from './passphrase-token.ts';

interface Deps extends ApiDeps {
  activation: Pick<Activation, 'signUp' | 'activate'>;
  passwordReset: Pick<PasswordReset, 'request' | 'resetToPassphrase'>;
}

type Of<Work extends (input: never) => unknown> = Parameters<Work>[0];

const membersOf = ({ body }: RequestParts): Record<string, string | null | undefined> =>
  body as Record<string, string | null | undefined>;

/** Signing up and getting a new password, both by mail. */
export function recoveryOperations(deps: Deps): AnyOperation<Caller>[] {
  const { activation, passwordReset, originOf } = deps;
  const body = jsonReader(deps);

  return [
    operation<Caller, Of<Activation['signUp']>, void>({
      id: 'signUp',
      method: 'post',
      path: '/customers',
      open: true,
      body,
      read(ctx, parts) {
        const { email, name, activate_uri: activateUri } = membersOf(parts);
        return {
          email: emailText(email),
          name: String(name),
          activateUri: activateUri ?? undefined,
          locale: requestLocale(ctx),
          origin: originOf(ctx),
        };
      },
      run: (customer) => activation.signUp(customer),
      write(ctx) {
        ctx.body = { result: 'activation_sent' };
      },
    }),
    operation<Caller, Of<Activation['activate']>, void>({
      id: 'activateAccount',
      method: 'post',
      path: '/customers/activate',
      open: true,
      body,
      read(ctx, parts) {
        const { identifier, secret, password, password_check: check } = membersOf(parts);
        if (password !== check) throw new AppError('PASSWORDS_DIFFER', { field: 'password_check' });
        return {
          identifier: String(identifier),
          secret: String(secret),
          password: String(password),
          origin: originOf(ctx),
        };
      },
      run: (input) => activation.activate(input),
      write(ctx) {
        ctx.body = { result: 'activated' };
      },
    }),
    operation<Caller, Of<PasswordReset['request']>, void>({
      id: 'requestPasswordReset',
      method: 'post',
      path: '/customers/password_reset',
      open: true,
      body,
      read(ctx, parts) {
        const { email, reset_uri: resetUri } = membersOf(parts);
        const origin = originOf(ctx);
        return {
          email: emailText(email),
          resetUri: String(resetUri),
          locale: requestLocale(ctx),
          origin,
          showsValues: true,
        };
      },
      run: (request) => passwordReset.request(request),
      write(ctx) {
        ctx.body = { result: 'email_sent' };
      },
    }),
    operation<Caller, Of<PasswordReset['resetToPassphrase']>, string>({
      id: 'doReset',
      method: 'post',
      path: '/customers/do_reset',
      open: true,
      body,
      read(ctx, parts) {
        const { email, code } = membersOf(parts);
        return { email: emailText(email), code: String(code), origin: originOf(ctx) };
      },
      async run(proof) {
        const { passphrase } = await passwordReset.resetToPassphrase(proof);
        return passphraseToken(passphrase, proof.code);
      },
      write(ctx, token) {
        ctx.body = { token };
      },
    }),
  ];
}
