import type { WebhookEvent } from '../webhook-events/webhook-event.ts';
import type { WebhookType } from '../webhook-events/webhook-type.ts';
import type { AuditEvent } from './audit-event.ts';

type Details = NonNullable<AuditEvent['details']>;

interface Published {
  type: WebhookType;
  /** The members of `data`, in addition to the account and the client. */
  data: (details: Details, event: AuditEvent) => Readonly<Record<string, unknown>>;
}

/** The claims that show columns, by the name of the column. */
const CLAIMS: Readonly<Record<string, string>> = {
  first_name: 'given_name',
  last_name: 'family_name',
  birth_date: 'birthdate',
};

/** Splits the names that the audit trail stores as one text. */
const listed = (names: Details[string] | undefined): string[] =>
  String(names ?? '')
    .split(' ')
    .filter((name) => name !== '')
    .map((name) => CLAIMS[name] ?? name);

const plain = (type: WebhookType): Published => ({ type, data: () => ({}) });
const withFields = (type: WebhookType, action?: string): Published => ({
  type,
  data: ({ fields }) => ({ ...(action === undefined ? {} : { action }), fields: listed(fields) }),
});
const ofContact = (type: WebhookType, kind?: 'email' | 'mobile'): Published => ({
  type,
  data: (details) => ({ kind: kind ?? details.kind ?? null }),
});
const ofMethod = (type: WebhookType): Published => ({
  type,
  data: ({ method }) => ({ method: method ?? null }),
});
const ofPasskey = (type: WebhookType): Published => ({ type, data: () => ({ method: 'passkey' }) });
const ofProvider = (type: WebhookType): Published => ({
  type,
  data: ({ provider }) => ({ provider: provider ?? null }),
});
/** A consent to a text or purpose of the deployment. A consent for a client has neither; its client identifies it. */
const ofPurpose = (type: WebhookType): Published => ({
  type,
  data: ({ purpose, version }) => ({ purpose: purpose ?? null, version: version ?? null }),
});
const failedSignIn: Published = {
  type: 'sign_in.failed',
  data: ({ method }, { reason }) => ({ method: method ?? null, reason: reason ?? null }),
};
const ofClient = (action: string): Published => ({ type: 'client.changed', data: () => ({ action }) });
const ofOperator = (action: string): Published => ({
  type: 'operator.changed',
  data: ({ role }) => ({ action, role: role ?? null }),
});

/** The webhook events by audit event. Events that are not listed stay in the audit trail. */
const PUBLISHED: {
  readonly [Event in AuditEvent['event']]?: Published | ((details: Details) => Published | undefined);
} = {
  'account.created': plain('account.registered'),
  // activating an account that is already active signs it out and changes nothing else
  'account.activated': ({ from }) =>
    from === 'pending'
      ? plain('account.activated')
      : from === 'suspended'
        ? plain('account.reactivated')
        : undefined,
  'account.suspended': plain('account.suspended'),
  'account.deleted': plain('account.deleted'),
  'account.profile_changed': withFields('account.updated'),
  'account.import_updated': withFields('account.updated'),
  'account.national_id_released': { type: 'account.updated', data: () => ({ fields: ['thai_id'] }) },
  'account.email_verified': ofContact('contact.verified', 'email'),
  'account.email_changed': ofContact('contact.verified', 'email'),
  'account.mobile_changed': ({ removed }) =>
    ofContact(removed === true ? 'contact.removed' : 'contact.verified', 'mobile'),
  'account.contact_confirmed': ofContact('contact.verified'),
  'account.contact_removed': ofContact('contact.removed'),
  'account.email_disowned': ofContact('contact.removed', 'email'),
  'account.mobile_released': ofContact('contact.removed', 'mobile'),
  'account.password_changed': plain('password.changed'),
  'account.password_reset': plain('password.changed'),
  'sign_in.succeeded': ofMethod('sign_in.succeeded'),
  'sign_in.failed': failedSignIn,
  'sign_in.refused': failedSignIn,
  'second_factor.added': ofMethod('authenticator.added'),
  'second_factor.removed': ofMethod('authenticator.removed'),
  // all authenticators of the account are removed
  'second_factor.recovered': { type: 'authenticator.removed', data: () => ({ method: null }) },
  'passkey.added': ofPasskey('authenticator.added'),
  'passkey.removed': ofPasskey('authenticator.removed'),
  'binding.set': ofProvider('binding.added'),
  'binding.removed': ofProvider('binding.removed'),
  'consent.granted': ofPurpose('consent.granted'),
  'consent.withdrawn': ofPurpose('consent.withdrawn'),
  'client.created': ofClient('created'),
  'client.changed': withFields('client.changed', 'changed'),
  'client.secret_rotated': ofClient('secret_rotated'),
  'client.removed': ofClient('removed'),
  'operator.added': ofOperator('added'),
  'operator.changed': ofOperator('changed'),
  'operator.removed': ofOperator('removed'),
};

/** Returns an audit event as it is sent to webhooks; undefined if it is not sent. */
export function webhookEventOf(event: AuditEvent): WebhookEvent | undefined {
  const { details = {} } = event;
  const entry = PUBLISHED[event.event];
  const published = typeof entry === 'function' ? entry(details) : entry;
  return (
    published && {
      type: published.type,
      accountId: event.accountId ?? null,
      clientId: event.clientId ?? null,
      data: published.data(details, event),
    }
  );
}
