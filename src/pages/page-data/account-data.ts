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

/** A contact as it is shown to its owner. */
export interface ShownContact {
  /** A mobile in its national format. */
  value: string;
  verified: boolean;
}

export interface AccountOverviewData extends Framed {
  name: string | undefined;
  pictureId: string | null;
  mobile: ShownContact | undefined;
  email: ShownContact | undefined;
  /** Contacts await confirmation after a recovery. */
  isAskedForContacts: boolean;
  /** Requests of clients await an answer. */
  isAskedForApproval: boolean;
  /** The day on which the account was created, in the format of each language. */
  madeOn: Record<Locale, string>;
  /** The authentication methods that the account can sign in with. */
  methods: readonly MethodName[];
  /** The session in which the page is shown. */
  session: { device: ShownDevice; signedInAt: Moment };
  counts: Readonly<Record<'devices' | 'applications' | 'linked', number>>;
}

export interface AccountProfileData extends Framed {
  /** As stored, or as typed before. */
  typed: Readonly<Record<ProfileField, string>>;
  titles: readonly Pick<Title, 'id' | 'nameTh' | 'nameEn'>[];
  /** Sorted for each language. */
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
  /** The identifier that the password belongs to, under which the browser stores it. */
  identifier: string;
  /** False for an account that has only signed in by other methods so far. */
  hasPassword: boolean;
  /** For the message about a password that repeats them. */
  names: readonly string[];
  passwordLeast: number;
}

/** A form that asks for the current password if the sign-in is not recent. */
interface Reauthenticated extends Framed {
  identifier: string;
  needsPassword: boolean;
}

/** A contact that is verified by a message before it is changed. */
interface ByMessage extends Reauthenticated {
  /** If false, the page shows the reason instead of its form. */
  canSend: boolean;
}

export interface AccountEmailData extends ByMessage {
  email: ShownContact | undefined;
  /** The address that awaits confirmation. */
  pendingEmail: string | undefined;
  typed: string;
}

export interface AccountMobileData extends ByMessage {
  mobile: ShownContact | undefined;
  typed: string;
}

export interface AccountMobileCodeData extends Framed {
  /** The new mobile, in its national format. */
  mobile: string;
  /** Also shown in the message. */
  reference: string;
  /** The lifetime of the code, as stated in the message. */
  minutes: number;
  /** Seconds until another code can be requested. */
  wait: number;
  /** Seconds until the code expires. */
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
