import type { Signals } from '../../domain/passkeys/passkeys.ts';
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

/** Asks for a code of an authenticator app, a recovery code, or a passkey. */
export interface SecondFactorData extends Form {
  client: ClientCard | undefined;
  cancelAction: string;
  /** For how many days this browser can be remembered; 0 when it cannot. */
  rememberDays: number;
  /** False for an account that has a passkey only. */
  asksCode: boolean;
  passkey: PasskeyForm | undefined;
  /** For those who have lost all of it. */
  lostAddress: string;
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
  authenticators: readonly { id: string; name: string; addedAt: Moment; usedAt: Moment | undefined }[];
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

export interface AccountAuthenticatorData extends Framed, NewAuthenticator {}
