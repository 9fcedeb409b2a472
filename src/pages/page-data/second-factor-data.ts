import type { Signals } from '../../domain/passkeys/passkeys.ts';
import type { SentFactor } from '../../domain/second-factors/second-factors.ts';
import type { MethodName } from '../../domain/sign-in/methods.ts';
import type { ClientCard, Form, FormError, Framed } from './form.ts';
import type { Moment } from './moment.ts';
import type { PasskeyForm } from './passkey-data.ts';

/** A QR code to be drawn as SVG. */
export interface QrCode {
  /** The modules of a side, including the quiet zone: the size of the `viewBox`. */
  size: number;
  /** The dark modules, as the data of one path. */
  path: string;
}

/** The errors for an empty field of a code that was sent. */
export const CODE_MISSING = { sms: 'SMS_CODE_MISSING', email: 'MAIL_CODE_MISSING' } as const;

/**
 * Asks for a code of an authenticator app or a recovery code. Has buttons for codes that are sent and for a passkey.
 */
export interface SecondFactorData extends Form {
  client: ClientCard | undefined;
  cancelAction: string;
  /** Without an app, only a recovery code can be typed. */
  hasApp: boolean;
  hasRecoveryCodes: boolean;
  /** `to` is the masked contact. `action` sends the code. */
  sent: readonly { factor: SentFactor; to: string; action: string }[];
  /** The number of days for which this browser can be remembered, or 0 if it cannot. */
  rememberDays: number;
  passkey: PasskeyForm | undefined;
  /** For people who have lost all second factors. */
  lostAddress: string | undefined;
  errors?: readonly FormError[];
}

/** The details of a sent code that a page shows. */
interface SentCodeFields extends Form {
  factor: SentFactor;
  /** The masked contact. */
  to: string;
  /** Also shown in the message. Undefined if it is no longer stored. */
  reference: string | undefined;
  /** The lifetime of the code when it was sent, as stated in the message. */
  minutes: number;
  /** Seconds until another code can be requested. */
  wait: number;
  /** Seconds until the code expires. */
  validFor: number;
  againAction: string;
}

/** Asks for a code that was sent as a second factor. */
export interface SentFactorData extends SentCodeFields {
  client: ClientCard | undefined;
  cancelAction: string;
  /** The choice of second factors. */
  otherAddress: string;
  /** As in `SecondFactorData`. */
  rememberDays: number;
  errors?: readonly FormError[];
}

/** An authenticator app to be set up. */
export interface NewAuthenticator {
  qr: QrCode;
  /** Base32, for people who cannot scan the QR code. */
  secret: string;
}

/** Sets up an authenticator app in a sign-in that requires one. */
export interface SecondFactorEnrolData extends Form, NewAuthenticator {
  client: ClientCard | undefined;
  cancelAction: string;
  errors?: readonly FormError[];
}

/** Recovery codes, which are shown only once. */
export interface RecoveryCodesData {
  codes: readonly string[];
  /** The next address. */
  next: string;
}

export interface ShownPasskey {
  id: string;
  name: string;
  /** Stored beyond one device. */
  backedUp: boolean;
  addedAt: Moment;
  usedAt: Moment | undefined;
}

export interface AccountSecurityData extends Framed {
  methods: readonly MethodName[];
  /** Authenticator apps. */
  authenticators: readonly { id: string; name: string; addedAt: Moment; usedAt: Moment | undefined }[];
  /**
   * Codes that are sent. `id` is set if the factor is active. `to` is the masked contact, undefined if there is none.
   */
  sent: readonly {
    factor: SentFactor;
    id: string | undefined;
    to: string | undefined;
    usedAt: Moment | undefined;
  }[];
  /** Unused recovery codes. */
  recoveryCodes: number;
  /** Undefined where browsers cannot create passkeys for this deployment. */
  passkeys: readonly ShownPasskey[] | undefined;
  /** The data about the account with which the browser informs authenticators. */
  signals: Signals | undefined;
  /** The time from which a second factor that was reported as lost can be removed. */
  recoveryAt: Moment | undefined;
  needsRecentSignIn: boolean;
}

/** Asks for a code, which activates the second factor. */
export interface AccountSecurityCodeData extends Framed, SentCodeFields {}

export interface AccountAuthenticatorData extends Framed, NewAuthenticator {}
