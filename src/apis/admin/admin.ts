import type { Api, Contract } from '../api.ts';
import { authenticate, type Caller, requiredScope } from './authenticate.ts';
import { presentError, refuse } from './errors.ts';
import { adminOperations, type OperationDeps } from './operation.ts';
import { type AccountsDeps, accountOperations } from './operations-accounts.ts';
import { type ActivityDeps, activityOperations } from './operations-activity.ts';
import { type ClientsDeps, clientOperations } from './operations-clients.ts';
import { type ContactsDeps, contactOperations } from './operations-contacts.ts';
import { type DeploymentDeps, deploymentOperations } from './operations-deployment.ts';
import { type ErasureReceiptsDeps, erasureReceiptOperations } from './operations-erasure-receipts.ts';
import { type ImportDeps, importOperations } from './operations-import.ts';
import { type MessagesDeps, messageOperations } from './operations-messages.ts';
import { type RolesDeps, roleOperations } from './operations-roles.ts';
import { type UpstreamDeps, upstreamOperations } from './operations-upstream.ts';
import { type WebhooksDeps, webhookOperations } from './operations-webhooks.ts';

export type AdminDeps = Parameters<typeof authenticate>[0] &
  OperationDeps &
  AccountsDeps &
  ActivityDeps &
  ClientsDeps &
  ContactsDeps &
  DeploymentDeps &
  ErasureReceiptsDeps &
  ImportDeps &
  MessagesDeps &
  RolesDeps &
  UpstreamDeps &
  WebhooksDeps & { contract: Contract };

/** The Admin API. */
export const adminApi = (deps: AdminDeps): Api<Caller> => ({
  name: 'admin',
  contract: deps.contract,
  operations: adminOperations(deps, [
    ...accountOperations(deps),
    ...activityOperations(deps),
    ...clientOperations(deps),
    ...contactOperations(deps),
    ...deploymentOperations(deps),
    ...erasureReceiptOperations(deps),
    ...importOperations(deps),
    ...messageOperations(deps),
    ...roleOperations(deps),
    ...upstreamOperations(deps),
    ...webhookOperations(deps),
  ]),
  authenticate: authenticate(deps),
  refuse: (_operation, findings, reading) => refuse(findings, reading),
  presentError: (ctx, error, { id }) =>
    presentError(ctx, error, { scope: requiredScope(id), issuer: deps.issuer }),
});
