import type { AccountStatus, ContactKind, RegisterChannel } from '../../domain/accounts/account.ts';
import type { ConsentRecord } from '../../domain/consent-records/consent-record.ts';
import type { ImportSummary, RowReport } from '../../domain/import/import.ts';
import type { HeldAuthenticator } from '../../domain/settings/held-authenticators.ts';
import type { ShownDevice } from './access-data.ts';
import type { ShownEventGroup } from './console-audit-data.ts';
import type { ConsoleFrame } from './console-frame.ts';
import type { PersonField } from './form.ts';
import type { Moment } from './moment.ts';

export interface ConsoleImportedData extends ConsoleFrame {
  summary: ImportSummary;
  /** The first failed rows. */
  failures: readonly RowReport[];
}

export interface ListedAccount {
  id: number;
  name: string;
  status: AccountStatus;
  mobile: string | null;
  email: string | null;
  createdAt: Moment;
}

export interface ConsoleAccountsData extends ConsoleFrame {
  accounts: readonly ListedAccount[];
  next: string | null;
  /** Empty without a search. */
  searched: string;
  status: AccountStatus | null;
}

/** A page about one account. */
export interface ConsoleSubject extends ConsoleFrame {
  id: number;
  /** A name or a contact. */
  shownName: string;
  status: AccountStatus;
}

/** A page with a part of a list: the number of later items, and the page that has them. */
interface Portioned {
  more: number;
  next: string | undefined;
}

export interface ConsoleAccountData extends ConsoleSubject {
  facts: {
    name: string | null;
    middleName: string | null;
    nickname: string | null;
    preferredUsername: string | null;
    birthDate: string | null;
    /** The last four digits. */
    nationalIdEnd: string | null;
    /** Addresses that the person entered. They may mislead, and are shown as text and never as links. */
    profileUri: string | null;
    websiteUri: string | null;
    card: string | null;
    externalId: string | null;
    registerChannel: RegisterChannel | null;
  };
  createdAt: Moment;
  lastSignInAt: Moment | null;
  passwordSince: Moment | null;
  lockedUntil: Moment | null;
  contacts: readonly { value: string; verified: boolean }[];
  bindings: readonly { provider: string; externalId: string }[];
  authenticators: readonly (Pick<HeldAuthenticator, 'method' | 'name'> & { lastUsedAt: Moment | null })[];
  /** The time from which an owner who has reported the second factor as lost can remove it. */
  recoveryAt: Moment | null;
  /** Newest first. */
  history: readonly ShownEventGroup[];
  /** Whether the audit log has older events. */
  hasMore: boolean;
}

export interface ConsoleAccountContactsData extends ConsoleSubject {
  contacts: readonly { kind: ContactKind; value: string; verified: boolean }[];
  /** As typed before. */
  typed: { kind: ContactKind; value: string; verified: boolean };
}

/** The fields of a new account. Those about the verification of a contact are `true` if it is verified. */
export const NEW_ACCOUNT_FIELDS = [
  'mobile',
  'mobile_verified',
  'email',
  'email_verified',
  'given_name',
  'family_name',
  'birthdate',
  'locale',
  'external_id',
] as const;

export type NewAccountFields = Readonly<Record<(typeof NEW_ACCOUNT_FIELDS)[number], string>>;

export interface ConsoleAccountNewData extends ConsoleFrame {
  typed: NewAccountFields;
}

/** The details that operators may change, as in a form. */
export type AccountFields = Record<PersonField | 'locale', string>;

export interface ConsoleAccountProfileData extends ConsoleSubject {
  typed: AccountFields;
  version: string;
}

export interface ConsoleAccountSessionsData extends ConsoleSubject, Portioned {
  sessions: readonly { uid: string; device: ShownDevice; signedInAt: Moment; seenAt: Moment }[];
}

export interface ConsoleAccountApplicationsData extends ConsoleSubject, Portioned {
  applications: readonly { client: string; scopes: readonly string[]; tokens: number }[];
}

export interface ConsoleAccountConsentsData extends ConsoleSubject, Portioned {
  records: readonly (Pick<ConsentRecord, 'purpose' | 'version' | 'language' | 'channel'> & {
    givenAt: Moment;
    withdrawnAt: Moment | undefined;
  })[];
}

export interface ConsoleAccountLookupsData extends ConsoleSubject, Portioned {
  lookups: readonly { at: Moment; client: string; purpose: string | null }[];
}

export interface ConsoleAccountRolesData extends ConsoleSubject {
  roles: readonly string[];
  /** The account's roles that are no longer in the configuration. */
  unconfigured: readonly string[];
  /** Roles that can be added. */
  offered: readonly string[];
}

export interface ConsoleAccountActionsData extends ConsoleSubject {
  /** The kinds of contacts that the account has. */
  kinds: readonly ContactKind[];
  hasNationalId: boolean;
  authenticators: readonly Pick<HeldAuthenticator, 'id' | 'method' | 'name'>[];
}
