import type { PasswordReset } from '../../domain/recovery/password-reset.ts';
import { type AnyOperation, operation } from '../api.ts';
import { requestLocale } from '../request-locale.ts';
import { type ApiDeps, type Caller, jsonReader } from './authenticate.ts';
import { membersOf } from './members.ts';
import { emailText } from './operations-sign-in.ts';
import { passphraseToken } from './passphrase-token.ts';

interface Deps extends ApiDeps {
  passwordReset: Pick<PasswordReset, 'request' | 'resetToPassphrase'>;
}

type Of<Work extends (input: never) => unknown> = Parameters<Work>[0];

/** Resetting a forgotten password by mail. */
export function recoveryOperations(deps: Deps): AnyOperation<Caller>[] {
  const { passwordReset, originOf } = deps;
  const body = jsonReader(deps);

  return [
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
