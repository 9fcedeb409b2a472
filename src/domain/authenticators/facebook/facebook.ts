import type { Db } from '../../../db/database.ts';
import { AppError } from '../../../errors/app-error.ts';
import { addressKey } from '../../../lib/addresses.ts';
import { HOUR_SECONDS } from '../../../lib/durations.ts';
import { actAs } from '../../../lib/request-context.ts';
import type { Account } from '../../accounts/account.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import { audit } from '../../audit/audit.ts';
import type { Bindings } from '../../bindings/bindings.ts';
import type { Counters } from '../../rate-limits/counters.ts';
import { consumeAll } from '../../rate-limits/limits.ts';
import type { SignInThrottle } from '../../rate-limits/sign-in-throttle.ts';
import type { Authenticator } from '../authenticator.ts';
import type { FacebookGraph } from './facebook-graph.ts';
import { FACEBOOK_PROVIDER, facebookMethod } from './method.ts';

export interface FacebookProof {
  token: string;
  /** Who the app says it is; the token decides. Without it, the owner of the token. */
  userId?: string | undefined;
  /** The caller's address. */
  address: string;
}

export interface FacebookAuthenticator extends Authenticator<FacebookAttempt> {
  /**
   * The Facebook user who proves who they are. Throws as `FacebookGraph.userOf`, `FACEBOOK_REFUSED` when the token
   * belongs to another user, `TOO_MANY_ATTEMPTS` when an address has shown too many bad ones.
   */
  prove(proof: FacebookProof): Promise<string>;
  /**
   * The active account that is bound to the user; an e-mail binds nobody. Throws as `prove`, `FACEBOOK_UNKNOWN` when no
   * account is, `INVALID_CREDENTIALS` when the account is not active.
   */
  verify(attempt: FacebookAttempt): Promise<Account>;
}

export interface FacebookAttempt extends FacebookProof {
  clientId: string;
  requestId?: string | undefined;
}

interface Deps {
  db: Db;
  graph: FacebookGraph;
  bindings: Bindings;
  accounts: Pick<Accounts, 'find'>;
  counters: Counters;
  throttle: Pick<SignInThrottle, 'isNews'>;
}

const BAD_PER_ADDRESS = 100;

export function facebookAuthenticator({
  db,
  graph,
  bindings,
  accounts,
  counters,
  throttle,
}: Deps): FacebookAuthenticator {
  async function prove({ token, userId, address }: FacebookProof): Promise<string> {
    const name = `facebook address ${addressKey(address)}`;
    await consumeAll(counters, [{ name, limit: BAD_PER_ADDRESS, windowSeconds: HOUR_SECONDS }]);
    try {
      const proved = await graph.userOf(token);
      if (userId !== undefined && proved !== userId) throw new AppError('FACEBOOK_REFUSED');
      await counters.refund(name);
      return proved;
    } catch (error) {
      // only what Facebook calls bad counts against the caller
      if (!(error instanceof AppError && error.code === 'FACEBOOK_REFUSED')) await counters.refund(name);
      throw error;
    }
  }

  return {
    method: facebookMethod,
    prove,
    async verify({ clientId, requestId, ...proof }) {
      const accountId = await bindings.holder(FACEBOOK_PROVIDER, await prove(proof));
      if (accountId === undefined) throw new AppError('FACEBOOK_UNKNOWN');
      const account = await accounts.find(accountId);
      const active = account?.status === 'active';
      const { address } = proof;
      if (active) actAs(`account:${accountId}`);
      if (active || (await throttle.isNews({ accountId, identifier: facebookMethod.name }, { address })))
        await audit({ db }).record({
          event: active ? 'sign_in.succeeded' : 'sign_in.failed',
          accountId,
          clientId,
          requestId,
          reason: active ? undefined : 'not_active',
          details: { method: facebookMethod.name, ...(account && !active ? { status: account.status } : {}) },
        });
      if (!active) throw new AppError('INVALID_CREDENTIALS');
      return account;
    },
  };
}
