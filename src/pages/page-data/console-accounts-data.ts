import type { AccountStatus, ContactKind, RegisterChannel } from '../../domain/accounts/account.ts';
import type { ImportSummary, RowReport } from '../../domain/import/import.ts';
import type { ShownDevice } from './access-data.ts';
import type { ShownEventGroup } from './console-audit-data.ts';
import type { ConsoleFrame } from './console-frame.ts';
import type { Moment } from './moment.ts';

export interface ConsoleImportedData extends ConsoleFrame {
  summary: ImportSummary;
  /** The first of those that failed. */
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

export interface ConsoleAccountData extends ConsoleFrame {
  id: number;
  /** A name or a contact. */
  shownName: string;
  status: AccountStatus;
  facts: {
    name: string | null;
    birthDate: string | null;
    /** The last four digits. */
    nationalIdEnd: string | null;
    card: string | null;
    externalId: string | null;
    registerChannel: RegisterChannel | null;
  };
  createdAt: Moment;
  lastSignInAt: Moment | null;
  passwordSince: Moment | null;
  lockedUntil: Moment | null;
  contacts: readonly { kind: ContactKind; value: string; verified: boolean; preferred: boolean }[];
  bindings: readonly { provider: string; externalId: string }[];
  sessions: readonly { uid: string; device: ShownDevice; signedInAt: Moment; seenAt: Moment }[];
  applications: readonly { client: string; scopes: readonly string[]; tokens: number }[];
  lookups: readonly { at: Moment; client: string; purpose: string | null }[];
  /** Newest first. */
  history: readonly ShownEventGroup[];
  nextEvents: string | null;
  typedContact: { kind: ContactKind; value: string };
}
