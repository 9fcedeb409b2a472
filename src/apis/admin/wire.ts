import { type Account, cardNumber } from '../../domain/accounts/account.ts';
import type { AccountDetails } from '../../domain/administration/account-details.ts';
import type { Overview } from '../../domain/administration/overview.ts';
import type { Trace } from '../../domain/administration/trace.ts';
import type { AuditEntry } from '../../domain/audit/audit-search.ts';
import type { ConsentRecord } from '../../domain/consent-records/consent-record.ts';
import type { ErasureReceipt } from '../../domain/erasure-receipts/erasure-receipt.ts';
import type { QueuedMessage } from '../../domain/messages/outbox.ts';
import type { Operator } from '../../domain/operators/operators.ts';
import type { SigningKey } from '../../domain/signing-keys/signing-key.ts';

const contactsOf = ({ contacts }: Account) =>
  contacts.map(({ kind, value, verified, preferred, addedAt, lastVerifiedAt }) => ({
    kind,
    value,
    verified,
    preferred,
    added_at: addedAt,
    verified_at: lastVerifiedAt,
  }));

/** An account in a list. */
export const accountInList = (account: Account) => ({
  id: String(account.id),
  status: account.status,
  created_at: account.createdAt,
  updated_at: account.updatedAt,
  given_name: account.profile.firstName,
  family_name: account.profile.lastName,
  contacts: contactsOf(account),
  external_id: account.externalId,
});

/** Returns the password as one of the authenticators of an account. */
const passwordOf = ({ password }: Pick<AccountDetails, 'password'>) =>
  password === null
    ? []
    : [
        {
          ...{ id: 'password', method: 'password', name: null },
          created_at: password.setAt,
          last_used_at: password.lastUsedAt,
        },
      ];

export const accountBody = ({ account, ...details }: AccountDetails) => ({
  ...accountInList(account),
  middle_name: account.profile.middleName,
  nickname: account.profile.nickname,
  preferred_username: account.profile.preferredUsername,
  birthdate: account.profile.birthDate,
  profile: account.profile.profileUri,
  website: account.profile.websiteUri,
  gender: account.title?.gender.toLowerCase() ?? null,
  locale: account.profile.locale,
  register_channel: account.registerChannel,
  card_number: account.card && cardNumber(account.card),
  thai_id: details.nationalIdEnd,
  authenticators: [
    ...passwordOf(details),
    ...details.authenticators.map(({ id, method, name, createdAt, lastUsedAt }) => ({
      ...{ id, method, name },
      created_at: createdAt,
      last_used_at: lastUsedAt,
    })),
  ],
  second_factor_recovery: details.secondFactorRecovery && {
    requested_at: details.secondFactorRecovery.requestedAt,
    available_at: details.secondFactorRecovery.availableAt,
  },
  bindings: details.bindings.map(({ provider, externalId, createdAt }) => ({
    provider,
    external_id: externalId,
    created_at: createdAt,
  })),
  locked_until: details.lockedUntil,
  last_sign_in_at: details.lastSignInAt,
});

export const eventBody = ({ id, at, accountId, clientId, requestId, ...entry }: AuditEntry) => ({
  id: String(id),
  at,
  event: entry.event,
  account: accountId === null ? null : String(accountId),
  client: clientId,
  actor: entry.actor,
  request_id: requestId,
  reason: entry.reason,
  details: entry.details,
});

export const consentBody = (record: ConsentRecord) => ({
  purpose: record.purpose,
  version: record.version,
  language: record.language,
  channel: record.channel,
  client: record.clientId,
  given_at: record.givenAt,
  withdrawn_at: record.withdrawnAt,
  withdrawn_channel: record.withdrawnChannel,
});

export const receiptBody = ({ id, erasedAt, erasedBy, receipt, publicKey }: ErasureReceipt) => ({
  id,
  erased_at: erasedAt,
  erased_by: erasedBy,
  receipt,
  public_key: publicKey,
});

const stateOf = ({ sentAt, droppedAt }: QueuedMessage): string =>
  (sentAt && 'sent') || (droppedAt && 'dropped') || 'waiting';

export const messageBody = (message: QueuedMessage) => ({
  id: message.id,
  channel: message.channel,
  kind: message.kind,
  state: stateOf(message),
  account: message.accountId === null ? null : String(message.accountId),
  request_id: message.requestId,
  created_at: message.createdAt,
  ended_at: message.sentAt ?? message.droppedAt,
  attempts: message.attempts,
  last_error: message.lastError,
});

export const traceBody = ({ requestId, refusal, clientId, accountId, events, messages }: Trace) => ({
  request_id: requestId,
  at: refusal?.at ?? events[0]?.at ?? messages[0]?.createdAt ?? null,
  method: refusal?.method ?? null,
  route: refusal?.route ?? null,
  status: refusal?.status ?? null,
  error: refusal?.error ?? null,
  reason: refusal?.reason ?? null,
  client: clientId,
  account: accountId === null ? null : String(accountId),
  events: events.map(eventBody),
  messages: messages.map(messageBody),
});

export const overviewBody = ({ signIns, codes, outbox, limits, keys }: Overview, version: string) => ({
  sign_ins: Object.fromEntries(signIns.map(({ outcome, hour, day }) => [outcome, { hour, day }])),
  codes,
  outbox: { waiting: outbox.waiting, oldest_seconds: outbox.oldestSeconds, dropped: outbox.dropped },
  limits: limits.map(({ clientId, ...one }) => ({ ...one, client: clientId })),
  keys: keys.map(({ kid, state, ageDays }) => ({ kid, state, age_days: ageDays })),
  version,
});

export const operatorBody = ({ accountId, role, status, since }: Operator) => ({
  account: String(accountId),
  role,
  status,
  since,
});

export const keyBody = ({ kid, alg, state, createdAt, changedAt }: SigningKey) => ({
  kid,
  alg,
  state,
  created_at: createdAt,
  changed_at: changedAt,
});
