import type { Context } from 'koa';
import type { Account } from '../../domain/accounts/account.ts';
import type { FacebookAuthenticator } from '../../domain/authenticators/facebook/facebook.ts';
import type { PasswordAuthenticator } from '../../domain/authenticators/password/password.ts';
import type { PushDevices } from '../../domain/push-devices/push-devices.ts';
import type { PasswordReset } from '../../domain/recovery/password-reset.ts';
import { AppError } from '../../errors/app-error.ts';
import { operation } from '../api.ts';
import { requestLocale } from '../request-locale.ts';
import type { ApiDeps, Caller } from './authenticate.ts';
import { type GiveKeyDeps, giveKey } from './give-key.ts';
import * as read from './read-parameters.ts';

interface Deps extends ApiDeps, GiveKeyDeps {
  passwordAuthenticator: Pick<PasswordAuthenticator, 'verify'>;
  facebook: Pick<FacebookAuthenticator, 'verify'>;
  passwordReset: Pick<PasswordReset, 'request'>;
  pushDevices: PushDevices;
  /** The client that keys belong to. */
  clientId: string;
  /** Revokes the grant of the caller. */
  revoke: (caller: Caller) => Promise<void>;
  body: (ctx: Context) => Promise<unknown>;
}

/** The hosted page that a mailed link opens. */
const RESET_PATH = '/reset-password';
const MAILED = 'Profile detail and reset password has been sent to your email.';
/**
 * The sets of credentials in a request. All complete sets are used. If there are none, the first incomplete set, or
 * else the first set, determines the missing parameter.
 */
const PROOFS = [
  ['email', 'password'],
  ['fb_token', 'fb_uid'],
] as const;

type Proof =
  | { by: 'password'; email: string; password: string }
  | { by: 'facebook'; token: string; userId: string };

interface Login {
  /** At least one. If there are several, all must be correct and belong to the same account. */
  proofs: readonly Proof[];
  gcmId: string | undefined;
}

function readLogin(body: unknown): Login {
  const parameters = read.parametersOf(body);
  const whole = PROOFS.filter((pair) => pair.every(parameters.has));
  const begun = PROOFS.find((pair) => pair.some(parameters.has)) ?? PROOFS[0];
  if (whole.length === 0) parameters.need(...begun);
  const proofs = whole.map((pair): Proof => {
    if (pair === PROOFS[0]) {
      const email = parameters.required('email', read.email).value;
      return { by: 'password', email, password: parameters.required('password', read.anyText) };
    }
    const token = parameters.required('fb_token', read.facebookToken);
    return { by: 'facebook', token, userId: parameters.required('fb_uid', read.facebookUser) };
  });
  return { proofs, gcmId: parameters.optional('gcm_id', read.gcmId) };
}

/** Sign-in for a key, sign-out, and the reset of a forgotten password. */
export function loginOperations(deps: Deps) {
  const { passwordAuthenticator, facebook, clientId, originOf, body } = deps;
  const give = giveKey(deps);

  function prove(proof: Proof, ctx: Context): Promise<Account> {
    const origin = originOf(ctx);
    const trail = { clientId, requestId: ctx.state.requestId as string | undefined };
    if (proof.by === 'password')
      return passwordAuthenticator.verify({
        ...trail,
        identifier: proof.email,
        password: proof.password,
        origin,
      });
    return facebook.verify({ ...trail, token: proof.token, userId: proof.userId, address: origin.address });
  }

  /** Returns the account that every credential of the request proves. */
  async function proved(proofs: readonly Proof[], ctx: Context) {
    let found: { account: Account; by: Proof['by'] } | undefined;
    for (const proof of proofs) {
      const account = await prove(proof, ctx);
      if (found && found.account.id !== account.id) throw new AppError('INVALID_CREDENTIALS');
      found ??= { account, by: proof.by };
    }
    if (!found) throw new AppError('INVALID_CREDENTIALS');
    return found;
  }

  return [
    operation<Caller, Login, string>({
      id: 'keysLogin',
      method: 'post',
      path: '/api/v2/auth/login',
      issuesToken: true,
      open: true,
      body,
      read: (_ctx, parts) => readLogin(parts.body),
      run: async ({ proofs, gcmId }, _caller, ctx) => give(ctx, { ...(await proved(proofs, ctx)), gcmId }),
      write(ctx, key) {
        ctx.body = { status: 1, key };
      },
    }),
    operation<Caller, string, void>({
      id: 'keysForgotPassword',
      method: 'post',
      path: '/api/v2/auth/forgot_password',
      open: true,
      body,
      read: (_ctx, parts) => read.parametersOf(parts.body).required('email', read.email).value,
      run: (email, _caller, ctx) =>
        deps.passwordReset.request({
          email,
          resetUri: RESET_PATH,
          locale: requestLocale(ctx),
          origin: originOf(ctx),
        }),
      write(ctx) {
        ctx.body = { status: 1, message: MAILED };
      },
    }),
    operation<Caller, undefined, void>({
      id: 'keysLogout',
      method: 'post',
      path: '/api/v2/auth/logout',
      read: () => undefined,
      async run(_input, caller) {
        await deps.pushDevices.remove(caller.grantRecord);
        await deps.revoke(caller);
      },
      write(ctx) {
        ctx.body = { status: 1 };
      },
    }),
  ];
}
