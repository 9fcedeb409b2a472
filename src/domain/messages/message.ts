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

/** What mails tell their readers, with the values that are shown and those that `views/mails/*.json` names. */
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
  /** ISO 8601: from then on it can be removed. */
  'second-factor-recovery': { until: string };
  'second-factor-recovery-cancelled': None;
  'second-factor-recovered': None;
  /** ISO 8601: then the account is erased. */
  'account-unused': { until: string };
  'sign-in-linked': { provider: string };
  /** To operators: the host of a webhook's receiver, and the page of the webhook. */
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
 * Mails that tell an owner what was done to the account. Anyone who does it must not be able to keep them from
 * coming, by asking for other mails to the same address first.
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

/** The same for an SMS. */
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

/** A contact whose reader is known to be the owner of the account; only `trustedAddress` makes one. */
export type TrustedAddress = string & { readonly [trusted]: true };

/** Messages that name a contact of the account go only to its owner. */
type Names = { mobile: string } | { email: string };

type Of<Kinds> = {
  [Kind in keyof Kinds]: {
    kind: Kind;
    values: Kinds[Kind];
    /** The address or the number as stored; it is used as it is, never parsed. */
    to: Kinds[Kind] extends Names ? TrustedAddress : string;
  };
}[keyof Kinds];

/** What a mail depends on besides its values. */
export interface Reading {
  /** Given where the reader is known to be the account's owner, who is greeted by name. */
  owner?: { firstName?: string | null | undefined } | undefined;
  /** Shows identifier, secret, key and code on lines of their own, which clients of the Self-service API read. */
  showsValues?: boolean | undefined;
}

/** Any notice, as the templates see it. */
export interface NoticeText extends Reading {
  kind: string;
  locale: Locale;
  values: Readonly<Record<string, string>>;
  /** Of what the notice tells of. */
  done?: Circumstances | undefined;
}

interface Postage {
  accountId?: number | undefined;
  /** A second message with the same key is not added. */
  dedupeKey?: string | undefined;
  /**
   * Adds nothing at the cost of adding a message, so that response times do not show whether there is a recipient.
   */
  toNobody?: boolean | undefined;
  /** After this time the message is useless and is dropped, sent or not. */
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
    /** The kind whose share of the address it takes; its own unless told. */
    countedAs?: keyof MailKinds;
    /** When that was done which a notice tells of; now unless told. */
    doneAt?: Date | undefined;
    /** The IP address of the caller who asked for a mail to this address, where that need not be its owner. */
    askedFrom?: string | undefined;
    /** The caller has limits of its own: the mail takes nothing of what the address may get. */
    isCounted?: boolean | undefined;
  };
export type SmsMessage = Postage & Addressed & Of<SmsKinds> & { channel: 'sms' };

/** Tells a client that a session has ended (OpenID Connect Back-Channel Logout 1.0 §2.4). */
export type LogoutMessage = Postage & LogoutContent & { channel: 'logout'; kind: 'logout-token' };

/** Revokes a token that another provider gave (RFC 7009). */
export type RevocationMessage = Postage & RevocationContent & { channel: 'revocation'; kind: 'revoke-token' };

/** Tells a client that its backchannel authentication request was answered (CIBA Core §10.2). */
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
  /** The name of the binding whose token it is. */
  binding: string;
  token: string;
}

export interface PingContent {
  clientId: string;
  /** `auth_req_id`. */
  id: string;
  /** The client's own, by which it knows the caller. */
  token: string;
}

/** What is sealed in a row, and handed to the sender of its channel. */
export interface Contents {
  mail: MailContent;
  sms: SmsContent;
  logout: LogoutContent;
  revocation: RevocationContent;
  ping: PingContent;
}

/**
 * Hands one message to its gateway; the promise is fulfilled once the gateway has accepted it. `id` is the same at
 * every try, so that a receiver can recognise a repeat. `signal` ends the try, well before another process may
 * make one. Throws `SendFailure`, or any error, to have it tried again.
 */
export type Send<C extends Channel> = (delivery: {
  id: string;
  content: Contents[C];
  signal: AbortSignal;
}) => Promise<void>;

/** Of a channel that is not there nothing is sent. */
export type Senders = { readonly [C in Channel]?: Send<C> | undefined };
