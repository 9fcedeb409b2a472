import type { Db } from '../../../db/database.ts';
import { AppError } from '../../../errors/app-error.ts';
import { addressKey } from '../../../lib/addresses.ts';
import { actAs } from '../../../lib/request-context.ts';
import type { Account } from '../../accounts/account.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import { type AuditEvent, audit } from '../../audit/audit.ts';
import type { Bindings } from '../../bindings/bindings.ts';
import type { KnownOrigins, Origin } from '../../known-origins/known-origins.ts';
import type { Refusals } from '../../rate-limits/refusals.ts';
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
   * The active account that is bound to a person at the provider; undefined when no account is. Throws
   * `UPSTREAM_INVALID` when the account is not active.
   */
  holder(identity: Pick<UpstreamIdentity, 'externalId'>, at: At): Promise<Account | undefined>;
  /** Has what came back verified; a failure is in the audit trail. Throws what `prove` throws. */
  proved(prove: () => Promise<UpstreamIdentity>, at: At): Promise<UpstreamIdentity>;
}

interface Deps {
  db: Db;
  bindings: Pick<Bindings, 'holder'>;
  accounts: Pick<Accounts, 'find'>;
  knownOrigins: Pick<KnownOrigins, 'remember' | 'networkTag'>;
  refusals: Pick<Refusals, 'noteError'>;
}

/** Of one address in a window. */
const FAILURES_NOTED = 20;

export function upstreamAuthenticator({
  db,
  bindings,
  accounts,
  knownOrigins,
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
      { ...trailOf(at), event: 'sign_in.failed', accountId },
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
      try {
        return await prove();
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
      await Promise.all([
        knownOrigins.remember(account.id, at.origin),
        audit({ db }).record({ ...trailOf(at), event: 'sign_in.succeeded', accountId }),
      ]);
      return account;
    },
  };
}
