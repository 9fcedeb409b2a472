import type { Locale } from '../values/locale.ts';
import type { Circumstances } from './circumstances.ts';

export type { Locale } from '../values/locale.ts';

export type Channel = 'mail' | 'sms' | 'logout' | 'revocation' | 'ping';

type None = Record<string, never>;
type Code = {
  code: string;
  reference: string;
  minutes: string;
};
type Asked = {
  /** The name of the client. */
  client: string;
  link: string;
};
type Link = {
  identifier: string;
  key: string;
  link: string;
};

/** The kinds of mail, with the values that are shown and those that `views/mails/*.json` names. */
interface MailKinds {
  'national-id-released': None;
  'mobile-released': { mobile: string };
  'mobile-changed': { mobile: string };
  'mobile-removed': { mobile: string };
  'contacts-changed': None;
  'signed-out-everywhere': None;
  'password-changed': None;
  'second-factor-changed': None;
  'passkey-copied': None;
  'new-sign-in': None;
  /** ISO 8601: the time from which the second factor can be removed. */
  'second-factor-recovery': { until: string };
  'second-factor-recovery-cancelled': None;
  'second-factor-recovered': None;
  /** ISO 8601: the time at which the account is erased. */
  'account-unused': { until: string };
  'sign-in-linked': { provider: string };
  /** Sent to operators: the host of a webhook's receiver, and the page of the webhook. */
  'webhook-disabled': { host: string; link: string };
  'verify-email': Link;
  'verify-email-to-sign-in': Link;
  'confirm-email': Link;
  'email-changing': Link & { email: string };
  'email-registered': None;
  'activate-account': { identifier: string; secret: string; link: string };
  'reset-password': { code: string; link: string };
  'approval-requested': Asked;
  'code-login': Code & { link: string };
  'code-second_factor': Code;
  'code-remove_second_factor': Code;
}

/**
 * Mails that notify an owner of changes to the account. The person who makes a change must not be able to suppress them
 * by requesting other mails to the same address first.
 */
export const NOTICES: ReadonlySet<keyof MailKinds> = new Set([
  'national-id-released',
  'mobile-released',
  'mobile-changed',
  'mobile-removed',
  'signed-out-everywhere',
  'password-changed',
  'second-factor-changed',
  'passkey-copied',
  'new-sign-in',
  'second-factor-recovery',
  'second-factor-recovery-cancelled',
  'second-factor-recovered',
  'account-unused',
  'sign-in-linked',
  'email-changing',
  'webhook-disabled',
]);

/** The kinds of SMS, with their values. */
interface SmsKinds {
  'national-id-released': None;
  'mobile-changed': { mobile: string };
  'mobile-removed': None;
  'contacts-changed': None;
  'signed-out-everywhere': None;
  'password-changed': None;
  'second-factor-changed': None;
  'passkey-copied': None;
  'new-sign-in': None;
  'second-factor-recovery': { until: string };
  'second-factor-recovered': None;
  'account-unused': { until: string };
  'mobile-registered': None;
  'mobile-unconfirmed': None;
  'approval-requested': Asked;
  welcome: None;
  'code-register': Code;
  'code-change_mobile': Code;
  'code-reset': Code;
  'code-login': Code;
  'code-remove_second_factor': Code;
  'code-second_factor': Code;
}

declare const trusted: unique symbol;

/** A contact that is known to reach the owner of the account; only `trustedAddress` creates one. */
export type TrustedAddress = string & { readonly [trusted]: true };

/** Messages that contain a contact of the account are sent only to its owner. */
type Names = { mobile: string } | { email: string };

type Of<Kinds> = {
  [Kind in keyof Kinds]: {
    kind: Kind;
    values: Kinds[Kind];
    /** The address or the number as stored; used unchanged and never parsed. */
    to: Kinds[Kind] extends Names ? TrustedAddress : string;
  };
}[keyof Kinds];

/** The parameters of a mail in addition to its values. */
export interface Reading {
  /** Set if the reader is known to be the account's owner, who is greeted by name. */
  owner?: { firstName?: string | null | undefined } | undefined;
  /** Shows identifier, secret, key and code on separate lines, which clients of the Self-service API parse. */
  showsValues?: boolean | undefined;
}

/** Any notice, as the templates receive it. */
export interface NoticeText extends Reading {
  kind: string;
  locale: Locale;
  values: Readonly<Record<string, string>>;
  /** The circumstances of the event that the notice reports. */
  done?: Circumstances | undefined;
}

interface Postage {
  accountId?: number | undefined;
  /** A second message with the same key is not added. */
  dedupeKey?: string | undefined;
  /**
   * Adds nothing, but takes as long as adding a message, so that response times do not reveal whether there is a
   * recipient.
   */
  toNobody?: boolean | undefined;
  /** The time after which the message is useless, and is dropped if it still waits. */
  lifetimeSeconds: number;
}

interface Addressed {
  locale: Locale;
}

export type MailMessage = Postage &
  Addressed &
  Reading &
  Of<MailKinds> & {
    channel: 'mail';
    /** The kind whose limit for the address the mail counts against. Defaults to its own kind. */
    countedAs?: keyof MailKinds;
    /** The time of the event that a notice reports. Defaults to now. */
    doneAt?: Date | undefined;
    /**
     * The IP address of the caller who requested a mail to this address, if the caller is not necessarily its owner.
     */
    askedFrom?: string | undefined;
    /** The caller has limits of its own, so the mail does not count against those of the address. */
    isCounted?: boolean | undefined;
  };
export type SmsMessage = Postage & Addressed & Of<SmsKinds> & { channel: 'sms' };

/** Notifies a client that a session has ended (OpenID Connect Back-Channel Logout 1.0 §2.4). */
export type LogoutMessage = Postage & LogoutContent & { channel: 'logout'; kind: 'logout-token' };

/** Revokes a token that another provider issued (RFC 7009). */
export type RevocationMessage = Postage & RevocationContent & { channel: 'revocation'; kind: 'revoke-token' };

/** Notifies a client that its backchannel authentication request was answered (CIBA Core §10.2). */
export type PingMessage = Postage & PingContent & { channel: 'ping'; kind: 'ping' };

export type Message = MailMessage | SmsMessage | LogoutMessage | RevocationMessage | PingMessage;

export interface MailContent {
  to: string;
  subject: string;
  text: string;
  html: string;
}

export interface SmsContent {
  to: string;
  text: string;
}

export interface LogoutContent {
  clientId: string;
  sub: string;
  sid?: string | undefined;
}

export interface RevocationContent {
  /** The name of the binding that the token belongs to. */
  binding: string;
  token: string;
}

export interface PingContent {
  clientId: string;
  /** `auth_req_id`. */
  id: string;
  /** The client's notification token, which authenticates the request to it. */
  token: string;
}

/** The content that is sealed in a row and passed to the sender of its channel. */
export interface Contents {
  mail: MailContent;
  sms: SmsContent;
  logout: LogoutContent;
  revocation: RevocationContent;
  ping: PingContent;
}

/**
 * Hands one message to its gateway; the promise is fulfilled once the gateway has accepted it. `id` is the same in
 * every attempt, so that a receiver can recognise a repeat. `signal` aborts the attempt well before another process can
 * make one. Throws `SendFailure`, or any other error, to have the message retried.
 */
export type Send<C extends Channel> = (delivery: {
  id: string;
  content: Contents[C];
  signal: AbortSignal;
}) => Promise<void>;

/** The senders by channel. Nothing is sent through a channel without one. */
export type Senders = { readonly [C in Channel]?: Send<C> | undefined };
