import type { Signals } from '../../domain/passkeys/passkeys.ts';
import type { SentFactor } from '../../domain/second-factors/second-factors.ts';
import type { MethodName } from '../../domain/sign-in/methods.ts';
import type { ClientCard, Form, FormError, Framed } from './form.ts';
import type { Moment } from './moment.ts';
import type { PasskeyForm } from './passkey-data.ts';

/** A QR code as an SVG draws it. */
export interface QrCode {
  /** Modules of a side, the quiet zone included: the `viewBox`. */
  size: number;
  /** The dark modules, as the data of one path. */
  path: string;
}

/** What is said of an empty field for a code that was sent. */
export const CODE_MISSING = { sms: 'SMS_CODE_MISSING', email: 'MAIL_CODE_MISSING' } as const;

/** Asks for a code of an authenticator app or a recovery code; has buttons for codes that are sent and a passkey. */
export interface SecondFactorData extends Form {
  client: ClientCard | undefined;
  cancelAction: string;
  /** Without an app, a recovery code is the only one that can be typed. */
  hasApp: boolean;
  hasRecoveryCodes: boolean;
  /** `to`: the masked contact; `action` has the code sent. */
  sent: readonly { factor: SentFactor; to: string; action: string }[];
  /** For how many days this browser can be remembered; 0 when it cannot. */
  rememberDays: number;
  passkey: PasskeyForm | undefined;
  /** For those who have lost all of it. */
  lostAddress: string | undefined;
  errors?: readonly FormError[];
}

/** What a page says of a code that was sent. */
interface SentCodeFields extends Form {
  factor: SentFactor;
  /** The masked contact. */
  to: string;
  /** Also shown in the message; undefined when it is not known any more. */
  reference: string | undefined;
  /** How long the code works from when it was sent, as the message says. */
  minutes: number;
  /** Seconds until another code may be asked for. */
  wait: number;
  /** Seconds for which the code remains valid. */
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
  /** Base32, for those who cannot scan it. */
  secret: string;
}

/** Sets up an authenticator app in a sign-in that requires one. */
export interface SecondFactorEnrolData extends Form, NewAuthenticator {
  client: ClientCard | undefined;
  cancelAction: string;
  errors?: readonly FormError[];
}

/** Recovery codes, the only time that they are shown. */
export interface RecoveryCodesData {
  codes: readonly string[];
  /** Where the person goes on. */
  next: string;
}

export interface ShownPasskey {
  id: string;
  name: string;
  /** Kept beyond one device. */
  backedUp: boolean;
  addedAt: Moment;
  usedAt: Moment | undefined;
}

export interface AccountSecurityData extends Framed {
  methods: readonly MethodName[];
  /** Apps. */
  authenticators: readonly { id: string; name: string; addedAt: Moment; usedAt: Moment | undefined }[];
  /** Codes that are sent: `id` where one is on; `to` is the masked contact, undefined while none can get one. */
  sent: readonly {
    factor: SentFactor;
    id: string | undefined;
    to: string | undefined;
    usedAt: Moment | undefined;
  }[];
  /** Unused recovery codes. */
  recoveryCodes: number;
  /** Undefined where no browser can make one for this deployment. */
  passkeys: readonly ShownPasskey[] | undefined;
  /** What the browser tells authenticators of the account. */
  signals: Signals | undefined;
  /** From when on the second factor can be removed by someone who says that it is lost. */
  recoveryAt: Moment | undefined;
  needsRecentSignIn: boolean;
}

/** Asks for a code, which turns on the second factor that it is. */
export interface AccountSecurityCodeData extends Framed, SentCodeFields {}

export interface AccountAuthenticatorData extends Framed, NewAuthenticator {}
