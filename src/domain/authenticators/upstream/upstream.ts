import type { Db } from '../../../db/database.ts';
import { AppError } from '../../../errors/app-error.ts';
import { addressKey } from '../../../lib/addresses.ts';
import { HOUR_SECONDS } from '../../../lib/durations.ts';
import { actAs } from '../../../lib/request-context.ts';
import type { Account } from '../../accounts/account.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import { type AuditEvent, audit } from '../../audit/audit.ts';
import type { Bindings } from '../../bindings/bindings.ts';
import type { KnownOrigins, Origin } from '../../known-origins/known-origins.ts';
import type { Counters } from '../../rate-limits/counters.ts';
import { consumeAll, type Limit } from '../../rate-limits/limits.ts';
import { isOfLimit, type Refusals } from '../../rate-limits/refusals.ts';
import type { UpstreamIdentity } from '../../upstream/connector.ts';
import type { UpstreamProvider } from '../../upstream/providers.ts';
import { upstreamMethod } from './method.ts';

interface At {
  provider: Pick<UpstreamProvider, 'id' | 'binding'>;
  origin: Origin;
  clientId?: string | undefined;
  requestId?: string | undefined;
}

export interface UpstreamAuthenticator {
  method: typeof upstreamMethod;
  /**
   * Returns the active account that is bound to a person at the provider; undefined if no account is bound. Throws
   * `UPSTREAM_INVALID` if the account is not active.
   */
  holder(identity: Pick<UpstreamIdentity, 'externalId'>, at: At): Promise<Account | undefined>;
  /**
   * Verifies the provider's response, which sends requests to the provider. Records a failure in the audit trail.
   * Throws the errors of `prove`, and `TOO_MANY_ATTEMPTS` for an address with too many invalid responses.
   */
  proved(prove: () => Promise<UpstreamIdentity>, at: At): Promise<UpstreamIdentity>;
}

interface Deps {
  db: Db;
  bindings: Pick<Bindings, 'holder'>;
  accounts: Pick<Accounts, 'find'>;
  knownOrigins: Pick<KnownOrigins, 'rememberIn' | 'networkTag'>;
  counters: Counters;
  refusals: Pick<Refusals, 'noteError'>;
}

/** The failures of one address that are recorded in a window. */
const FAILURES_NOTED = 20;
/** The maximum number of invalid responses per address and hour: each costs a request to the provider. */
const INVALID_PER_ADDRESS = 100;

export function upstreamAuthenticator({
  db,
  bindings,
  accounts,
  knownOrigins,
  counters,
  refusals,
}: Deps): UpstreamAuthenticator {
  const trailOf = ({ provider, origin, clientId, requestId }: At): Omit<AuditEvent, 'event'> => ({
    ...{ clientId, requestId },
    details: {
      method: upstreamMethod.name,
      provider: provider.id,
      network: knownOrigins.networkTag(origin),
    },
  });

  async function note(error: unknown, at: At, accountId?: number): Promise<void> {
    if (!(error instanceof AppError)) return;
    await refusals.noteError(
      error,
      { ...trailOf(at), event: isOfLimit(error) ? 'sign_in.refused' : 'sign_in.failed', accountId },
      {
        subject: `upstream ${addressKey(at.origin.address)}`,
        address: at.origin.address,
        most: FAILURES_NOTED,
      },
    );
  }

  return {
    method: upstreamMethod,
    async proved(prove, at) {
      const name = `upstream address ${addressKey(at.origin.address)}`;
      const limit: Limit = {
        name,
        limit: INVALID_PER_ADDRESS,
        windowSeconds: HOUR_SECONDS,
        label: 'upstream',
      };
      try {
        const refund = await consumeAll(counters, [limit]);
        try {
          const identity = await prove();
          await refund();
          return identity;
        } catch (error) {
          // only invalid responses count against the caller
          if (!(error instanceof AppError && error.code === 'UPSTREAM_INVALID')) await refund();
          throw error;
        }
      } catch (error) {
        await note(error, at);
        throw error;
      }
    },
    async holder({ externalId }, at) {
      const accountId = await bindings.holder(at.provider.binding, externalId);
      if (accountId === undefined) return undefined;
      const account = await accounts.find(accountId);
      if (account?.status !== 'active') {
        const error = new AppError('UPSTREAM_INVALID', { reason: 'not_active' });
        await note(error, at, accountId);
        throw error;
      }
      actAs(`account:${account.id}`);
      await knownOrigins.rememberIn(account.id, at.origin, (places) =>
        audit({ db }).record({ ...trailOf(at), event: 'sign_in.succeeded', accountId }, places),
      );
      return account;
    },
  };
}
