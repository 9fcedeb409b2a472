/** The languages that messages are written in. */
export type Locale = 'th' | 'en';

export type Channel = 'mail' | 'sms' | 'logout';

/**
 * What a message tells its reader, with the values that its words name. A new kind is an entry here and its words in
 * `views/words/messages.*.json`.
 */
interface Notices {
  'national-id-released': Record<string, never>;
  'mobile-released': { mobile: string };
  'signed-out-everywhere': Record<string, never>;
}

export type NoticeKind = keyof Notices;
type Notice<Kind extends NoticeKind = NoticeKind> = { [K in Kind]: { kind: K; values: Notices[K] } }[Kind];

/** Any notice, as the templates see it. */
export interface NoticeText {
  kind: string;
  locale: Locale;
  values: Readonly<Record<string, string>>;
}

interface Postage {
  accountId?: number | undefined;
  /** A second message with the same key is not added. */
  dedupeKey?: string | undefined;
  /** After this time the message is of no use and is dropped, sent or not. */
  lifetimeSeconds: number;
}

interface Addressed {
  /** The address or the number as stored; it is used as it is, never parsed. */
  to: string;
  locale: Locale;
}

export type MailMessage = Postage & Addressed & Notice & { channel: 'mail' };
/** Not every kind has words for an SMS. */
export type SmsMessage = Postage &
  Addressed &
  Notice<Exclude<NoticeKind, 'mobile-released'>> & { channel: 'sms' };

/** Tells a client that a session has ended (OpenID Connect Back-Channel Logout 1.0 §2.4). */
export type LogoutMessage = Postage & LogoutContent & { channel: 'logout'; kind: 'logout-token' };

export type Message = MailMessage | SmsMessage | LogoutMessage;

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

/** What is sealed in a row, and handed to the sender of its channel. */
export interface Contents {
  mail: MailContent;
  sms: SmsContent;
  logout: LogoutContent;
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

export type Senders = { [C in Channel]: Send<C> };
