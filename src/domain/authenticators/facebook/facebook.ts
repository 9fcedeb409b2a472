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
import { consumeAll, type Limit } from '../../rate-limits/limits.ts';
import { isOfLimit, type Refusals } from '../../rate-limits/refusals.ts';
import { FACEBOOK_PROVIDER } from '../../upstream/binding-name.ts';
import type { FacebookGraph } from '../../upstream/facebook-graph.ts';
import type { Authenticator, NeedsSecondFactor } from '../authenticator.ts';
import { facebookMethod } from './method.ts';

export interface FacebookProof {
  token: string;
  /** The user ID that the app claims, which must match the owner of the token. Defaults to the owner of the token. */
  userId?: string | undefined;
  /** The IP address of the caller. */
  address: string;
}

export interface FacebookAuthenticator extends Authenticator<FacebookAttempt> {
  /**
   * Returns the Facebook user that the token proves. Throws as `FacebookGraph.userOf` does, `FACEBOOK_REFUSED` if the
   * token belongs to another user, and `TOO_MANY_ATTEMPTS` for an IP address that has presented too many invalid
   * tokens.
   */
  prove(proof: FacebookProof): Promise<string>;
  /**
   * Returns the active account that is bound to the user; a matching e-mail address creates no binding. Throws as
   * `prove` does, `FACEBOOK_UNKNOWN` if no account is bound, `INVALID_CREDENTIALS` if the account is not active, and
   * `SECOND_FACTOR_REQUIRED` if Facebook alone does not suffice for it.
   */
  verify(attempt: FacebookAttempt): Promise<Account>;
}

export interface FacebookAttempt extends FacebookProof {
  clientId: string;
  requestId?: string | undefined;
}

interface Deps {
  db: Db;
  graph: Pick<FacebookGraph, 'userOf'>;
  bindings: Bindings;
  accounts: Pick<Accounts, 'find'>;
  counters: Counters;
  refusals: Pick<Refusals, 'noteError'>;
  needsSecondFactor: NeedsSecondFactor;
}

const BAD_PER_ADDRESS = 100;
/** The refusals of users without an account, from all addresses, that are recorded in a window. */
const UNKNOWN_NOTED = 200;

export function facebookAuthenticator({
  db,
  graph,
  bindings,
  accounts,
  counters,
  refusals,
  needsSecondFactor,
}: Deps): FacebookAuthenticator {
  async function prove({ token, userId, address }: FacebookProof): Promise<string> {
    const name = `facebook address ${addressKey(address)}`;
    const limit: Limit = { name, limit: BAD_PER_ADDRESS, windowSeconds: HOUR_SECONDS, label: 'facebook' };
    await consumeAll(counters, [limit]);
    try {
      const proved = await graph.userOf(token);
      if (userId !== undefined && proved !== userId)
        throw new AppError('FACEBOOK_REFUSED', { reason: 'upstream_denied' });
      await counters.refund(name);
      return proved;
    } catch (error) {
      // only tokens that Facebook rejects count against the caller
      if (!(error instanceof AppError && error.code === 'FACEBOOK_REFUSED')) await counters.refund(name);
      throw error;
    }
  }

  return {
    method: facebookMethod,
    prove,
    async verify({ clientId, requestId, ...proof }) {
      const trail = { clientId, requestId, details: { method: facebookMethod.name } };
      let accountId: number | undefined;
      let status: Account['status'] | undefined;
      try {
        accountId = await bindings.holder(FACEBOOK_PROVIDER, await prove(proof));
        if (accountId === undefined) throw new AppError('FACEBOOK_UNKNOWN', { reason: 'unknown_identifier' });
        const account = await accounts.find(accountId);
        status = account?.status;
        if (!account || status !== 'active')
          throw new AppError('INVALID_CREDENTIALS', { reason: 'not_active' });
        if (await needsSecondFactor(accountId))
          throw new AppError('SECOND_FACTOR_REQUIRED', { reason: 'second_factor_missing' });
        actAs(`account:${accountId}`);
        await audit({ db }).record({ ...trail, event: 'sign_in.succeeded', accountId });
        return account;
      } catch (error) {
        if (error instanceof AppError && error.status < 500)
          await refusals.noteError(
            error,
            {
              ...trail,
              event:
                isOfLimit(error) || error.code === 'SECOND_FACTOR_REQUIRED'
                  ? 'sign_in.refused'
                  : 'sign_in.failed',
              accountId,
              details: { ...trail.details, ...(status ? { status } : {}) },
            },
            {
              subject: accountId === undefined ? facebookMethod.name : `account ${accountId}`,
              address: proof.address,
              most: accountId === undefined ? UNKNOWN_NOTED : 1,
            },
          );
        throw error;
      }
    },
  };
}
