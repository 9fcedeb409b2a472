import type { Activation } from '../../domain/registration/activation.ts';
import { AppError } from '../../errors/app-error.ts';
import { type AnyOperation, operation } from '../api.ts';
import { requestLocale } from '../request-locale.ts';
import { type ApiDeps, type Caller, jsonReader } from './authenticate.ts';
import { membersOf } from './members.ts';
import { emailText } from './operations-sign-in.ts';

interface Deps extends ApiDeps {
  activation: Pick<Activation, 'signUp' | 'activate'>;
}

type Of<Work extends (input: never) => unknown> = Parameters<Work>[0];

/** Signing up, and activating the account by the mailed link. */
export function signUpOperations(deps: Deps): AnyOperation<Caller>[] {
  const { activation, originOf } = deps;
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
          on: { channel: 'self-service', language: requestLocale(ctx) },
          origin: originOf(ctx),
        };
      },
      run: (input) => activation.activate(input),
      write(ctx) {
        ctx.body = { result: 'activated' };
      },
    }),
  ];
}
