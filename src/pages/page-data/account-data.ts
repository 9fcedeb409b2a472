import type { Title } from '../../domain/accounts/account.ts';
import type { MethodName } from '../../domain/sign-in/methods.ts';
import type { Locale } from '../../domain/values/locale.ts';
import type { Framed, ProfileField } from './form.ts';

export type { Framed } from './form.ts';

import type {
  AccountApplicationsData,
  AccountDeleteData,
  AccountLinkedData,
  AccountLookupsData,
  AccountSessionsData,
  ShownDevice,
} from './access-data.ts';
import type { AccountApprovalsData } from './approvals-data.ts';
import type { AccountConsentsData } from './consents-data.ts';
import type { Moment } from './moment.ts';
import type { AccountPasskeyData } from './passkey-data.ts';
import type {
  AccountAuthenticatorData,
  AccountSecurityCodeData,
  AccountSecurityData,
} from './second-factor-data.ts';

/** A contact as its owner sees it. */
export interface ShownContact {
  /** A mobile as it is written in its country. */
  value: string;
  verified: boolean;
}

export interface AccountOverviewData extends Framed {
  name: string | undefined;
  pictureId: string | null;
  mobile: ShownContact | undefined;
  email: ShownContact | undefined;
  /** Contacts wait to be confirmed after a recovery. */
  isAskedForContacts: boolean;
  /** Clients wait for an answer. */
  isAskedForApproval: boolean;
  /** The day on which the account was made, as each language writes it. */
  madeOn: Record<Locale, string>;
  /** The authentication methods that the account can sign in with. */
  methods: readonly MethodName[];
  /** The session that the page is read in. */
  session: { device: ShownDevice; signedInAt: Moment };
  counts: Readonly<Record<'devices' | 'applications' | 'linked', number>>;
}

export interface AccountProfileData extends Framed {
  /** As stored, or as typed before. */
  typed: Readonly<Record<ProfileField, string>>;
  titles: readonly Pick<Title, 'id' | 'nameTh' | 'nameEn'>[];
  /** In the order of each language. */
  countries: Readonly<Record<Locale, readonly { code: string; name: string }[]>>;
  /** Names of the provinces of Thailand. */
  provinces: Readonly<Record<Locale, readonly string[]>>;
  /** `YYYY-MM-DD`. */
  today: string;
}

export interface AccountPictureData extends Framed {
  name: string | undefined;
  pictureId: string | null;
}

export interface AccountPasswordData extends Framed {
  /** What the password belongs to, for the browser to remember it by. */
  identifier: string;
  /** False for an account that signs in otherwise so far. */
  hasPassword: boolean;
  /** For what is said of a password that repeats them. */
  names: readonly string[];
  passwordLeast: number;
}

/** A form that asks for the current password of someone who did not sign in a moment ago. */
interface Reauthenticated extends Framed {
  identifier: string;
  needsPassword: boolean;
}

/** A contact that is verified by a message before it is changed. */
interface ByMessage extends Reauthenticated {
  /** Otherwise the page says so in place of its form. */
  canSend: boolean;
}

export interface AccountEmailData extends ByMessage {
  email: ShownContact | undefined;
  /** Waits to be confirmed. */
  pendingEmail: string | undefined;
  typed: string;
}

export interface AccountMobileData extends ByMessage {
  mobile: ShownContact | undefined;
  typed: string;
}

export interface AccountMobileCodeData extends Framed {
  /** The new one, as it is written in its country. */
  mobile: string;
  /** Also shown in the message. */
  reference: string;
  /** As long as the code works, as the message says. */
  minutes: number;
  /** Seconds until another code may be asked for. */
  wait: number;
  /** Seconds for which the code remains valid. */
  validFor: number;
}

/** The pages of "My account". */
export interface AccountPageData {
  'account/overview': AccountOverviewData;
  'account/profile': AccountProfileData;
  'account/picture': AccountPictureData;
  'account/password': AccountPasswordData;
  'account/security': AccountSecurityData;
  'account/security-code': AccountSecurityCodeData;
  'account/authenticator': AccountAuthenticatorData;
  'account/passkey': AccountPasskeyData;
  'account/email': AccountEmailData;
  'account/mobile': AccountMobileData;
  'account/mobile-code': AccountMobileCodeData;
  'account/sessions': AccountSessionsData;
  'account/applications': AccountApplicationsData;
  'account/approvals': AccountApprovalsData;
  'account/consents': AccountConsentsData;
  'account/lookups': AccountLookupsData;
  'account/linked': AccountLinkedData;
  'account/export': Framed;
  'account/delete': AccountDeleteData;
}

export type AccountPageName = keyof AccountPageData;
