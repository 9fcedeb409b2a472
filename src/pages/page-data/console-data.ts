import type { EffectiveSetting } from '../../config/effective-settings.ts';
import type { AccountStatus } from '../../domain/accounts/account.ts';
import type { Overview } from '../../domain/administration/overview.ts';
import type { Role } from '../../domain/operators/role.ts';
import type {
  ConsoleAccountActionsData,
  ConsoleAccountApplicationsData,
  ConsoleAccountConsentsData,
  ConsoleAccountContactsData,
  ConsoleAccountData,
  ConsoleAccountLookupsData,
  ConsoleAccountNewData,
  ConsoleAccountProfileData,
  ConsoleAccountRolesData,
  ConsoleAccountSessionsData,
  ConsoleAccountsData,
  ConsoleImportedData,
} from './console-accounts-data.ts';
import type {
  ConsoleAuditData,
  ConsoleMessagesData,
  ConsoleReceiptsData,
  ConsoleTraceData,
} from './console-audit-data.ts';
import type {
  ConsoleClientData,
  ConsoleClientNewData,
  ConsoleClientSecretsData,
  ConsoleClientsData,
  ConsolePartnersData,
} from './console-clients-data.ts';
import type { ConsoleFrame } from './console-frame.ts';
import type {
  ConsoleUpstreamData,
  ConsoleUpstreamNewData,
  ConsoleUpstreamProviderData,
} from './console-upstream-data.ts';
import type {
  ConsoleWebhookData,
  ConsoleWebhookNewData,
  ConsoleWebhookSecretData,
  ConsoleWebhooksData,
} from './console-webhooks-data.ts';
import type { ErrorData } from './error-data.ts';
import type { Moment } from './moment.ts';

export interface ShownOperator {
  accountId: number;
  /** The name or a contact of the account. */
  name: string;
  role: Role;
  status: AccountStatus;
  since: Moment;
}

export interface ConsoleOperatorData extends ConsoleFrame, ShownOperator {}

export interface ConsoleOperatorsData extends ConsoleFrame {
  operators: readonly ShownOperator[];
  next: string | null;
  /** As typed before. */
  typed: { account: string; role: Role };
}

export interface ConsoleTodayData extends ConsoleFrame, Omit<Overview, 'limits'> {
  limits: readonly { name: string; client: string | null; count: number; until: Moment }[];
  /** The points of the sparklines of the last 24 hours. */
  lines: { succeeded: string; failed: string };
  version: string;
}

export interface ConsoleSettingsData extends ConsoleFrame {
  keys: readonly { kid: string; alg: string; state: string; createdAt: Moment }[];
  /** The groups of settings, and the one that is shown. */
  slices: readonly string[];
  slice: string;
  settings: readonly EffectiveSetting[];
}

/** The screens of the console. */
export interface ConsolePageData {
  'console/today': ConsoleTodayData;
  'console/accounts': ConsoleAccountsData;
  'console/accounts-new': ConsoleAccountNewData;
  'console/account': ConsoleAccountData;
  'console/account-contacts': ConsoleAccountContactsData;
  'console/account-profile': ConsoleAccountProfileData;
  'console/account-sessions': ConsoleAccountSessionsData;
  'console/account-applications': ConsoleAccountApplicationsData;
  'console/account-consents': ConsoleAccountConsentsData;
  'console/account-lookups': ConsoleAccountLookupsData;
  'console/account-roles': ConsoleAccountRolesData;
  'console/account-actions': ConsoleAccountActionsData;
  'console/accounts-import': ConsoleFrame;
  'console/clients': ConsoleClientsData;
  'console/clients-new': ConsoleClientNewData;
  'console/client': ConsoleClientData;
  'console/partners': ConsolePartnersData;
  'console/upstream': ConsoleUpstreamData;
  'console/upstream-new': ConsoleUpstreamNewData;
  'console/upstream-provider': ConsoleUpstreamProviderData;
  'console/webhooks': ConsoleWebhooksData;
  'console/webhooks-new': ConsoleWebhookNewData;
  'console/webhook': ConsoleWebhookData;
  'console/audit': ConsoleAuditData;
  'console/trace': ConsoleTraceData;
  'console/receipts': ConsoleReceiptsData;
  'console/messages': ConsoleMessagesData;
  'console/settings': ConsoleSettingsData;
  'console/operators': ConsoleOperatorsData;
  'console/operator': ConsoleOperatorData;
}

export type ConsolePageName = keyof ConsolePageData;

/** Pages with the design of the console that are not one of its screens. */
export interface ConsoleOtherData {
  'console/accounts-imported': ConsoleImportedData;
  'console/clients-secrets': ConsoleClientSecretsData;
  'console/webhooks-secret': ConsoleWebhookSecretData;
  'console/error': ConsoleFrame & ErrorData;
  /** The reason why the console was left or not entered. */
  'console/refused': { why: 'no_operator' | 'no_second_factor' | 'cancelled' | 'signed_out' };
}
