import type { Db } from '../../db/database.ts';
import type { Change } from '../../db/one-statement.ts';
import type { Account } from '../accounts/account.ts';
import { isTrusted, mainContact } from '../accounts/account.ts';
import { localeOf, readerOf } from '../accounts/notices.ts';
import { audit, auditParts } from '../audit/audit.ts';
import { type Identifier, parseIdentifierOf } from '../identifiers/identifier.ts';
import type { Identifiers } from '../identifiers/identifiers.ts';
import type { Channels } from '../messages/channels.ts';
import type { Outbox } from '../messages/outbox.ts';
import type { Counters } from '../rate-limits/counters.ts';
import { consumeAll } from '../rate-limits/limits.ts';
import type { Refusals } from '../rate-limits/refusals.ts';
import type { LastingDigest } from '../secrets/lasting-digest.ts';
import { readWaiting, type WaitingRow } from './approval-store.ts';

export type { WaitingRow } from './approval-store.ts';

/** The person to approve: an e-mail address, mobile number or card number in any spelling, or an account ID. */
export type Hint = string | { accountId: number };

/** Requests for approval that clients send to account owners over the backchannel (OpenID Connect CIBA). */
export interface Approvals {
  /**
   * Returns the active account that a hint identifies. A contact identifies an account only if its reader is presumed
   * to be the owner. Counts as one of the client's requests. Throws `TOO_MANY_ATTEMPTS`, regardless of whether there is
   * such an account.
   */
  approver(clientId: string, hint: Hint): Promise<Account | undefined>;
  /**
   * Notifies the owner that a client awaits a decision: by mail, or by SMS if there is no verified address or no mail
   * server. An undefined account takes the same time and sends nothing.
   */
  requested(
    accountId: number | undefined,
    request: { clientId: string; client: string; lifetimeSeconds: number },
  ): Promise<void>;
  /** The requests that await a decision of the account, newest first. */
  waiting(accountId: number): Promise<WaitingRow[]>;
  /** Returns the statements that record the owner's decision in the audit trail, for its unit of work. */
  answeredParts(accountId: number, clientId: string, approved: boolean, requestId?: string): Change[];
}

interface Deps {
  db: Db;
  accounts: { find(id: number): Promise<Account | undefined> };
  identifiers: Identifiers;
  outbox: Outbox;
  channels: Channels;
  counters: Counters;
  refusals: Pick<Refusals, 'ofLimits'>;
  digest: LastingDigest;
  issuer: string;
  limits: { clientPerMinute: number; personPerHour: number };
}

export const APPROVALS_PATH = '/account/approvals';
const SHOWN = 50;
const MINUTE = 60;
const HOUR = 3600;

type Named = Extract<Identifier, { kind: 'email' | 'mobile' | 'card' }>;

const named = (hint: Hint): Named | undefined =>
  typeof hint === 'string' ? parseIdentifierOf(['email', 'mobile', 'card'], hint) : undefined;

export function approvals(deps: Deps): Approvals {
  const { db, accounts, identifiers, outbox, channels, counters, digest, limits } = deps;

  async function take(clientId: string, hint: Hint): Promise<void> {
    const about = named(hint)?.key ?? (typeof hint === 'string' ? hint.trim().toLowerCase() : hint.accountId);
    const person = digest('approval', String(about)).toString('hex');
    await deps.refusals.ofLimits(
      () => ({ event: 'approval.refused', clientId }),
      { subject: `client ${clientId}` },
      () =>
        consumeAll(counters, [
          {
            name: `approvals of ${clientId} for ${person}`,
            limit: limits.personPerHour,
            windowSeconds: HOUR,
            label: 'approvals_person',
          },
          {
            name: `approvals of ${clientId}`,
            limit: limits.clientPerMinute,
            windowSeconds: MINUTE,
            label: 'approvals_client',
          },
        ]),
    );
  }

  async function find(hint: Hint): Promise<Account | undefined> {
    if (typeof hint !== 'string') return accounts.find(hint.accountId);
    const identifier = named(hint);
    if (identifier?.kind === 'card') return accounts.find((await identifiers.accountId(identifier)) ?? 0);
    return identifiers.trustedAccount(identifier ?? { kind: 'email', key: hint.trim().toLowerCase() });
  }

  return {
    async approver(clientId, hint) {
      await take(clientId, hint);
      const account = await find(hint);
      return account?.status === 'active' ? account : undefined;
    },
    async requested(accountId, { clientId, client, lifetimeSeconds }) {
      const account = await accounts.find(accountId ?? 0);
      const link = `${deps.issuer}${APPROVALS_PATH}`;
      const trusted = (kind: 'email' | 'mobile') => {
        const contact = account && mainContact(account, kind);
        return contact && isTrusted(contact) ? contact : undefined;
      };
      const postage = { accountId: account?.id, locale: account ? localeOf(account) : 'th', lifetimeSeconds };
      const email = channels.has('mail') ? trusted('email') : undefined;
      const mobile = trusted('mobile');
      if (account && !email && mobile && channels.has('sms'))
        await outbox.add({
          ...postage,
          ...{ channel: 'sms', kind: 'approval-requested', to: mobile.value, values: { client, link } },
        } as const);
      else
        await outbox.add({
          ...postage,
          ...(account && email ? readerOf(account, email) : {}),
          ...{ channel: 'mail', kind: 'approval-requested', values: { client, link } },
          to: email?.value ?? 'nobody',
          toNobody: email === undefined,
          // the limits of the client already apply to each person
          isCounted: true,
        } as const);
      await audit({ db }).record({ event: 'approval.requested', accountId: account?.id, clientId });
    },
    waiting: (accountId) => readWaiting(db, accountId, SHOWN),
    answeredParts: (accountId, clientId, approved, requestId) =>
      auditParts({
        event: approved ? 'approval.given' : 'approval.denied',
        accountId,
        clientId,
        requestId,
      }),
  };
}
