import { announced } from './announced/announced.ts';
import type { Group } from './check.ts';
import { backchannel } from './checks/backchannel.ts';
import { certificates } from './checks/certificates.ts';
import { claims } from './checks/claims.ts';
import { codesAndRefresh } from './checks/codes-and-refresh.ts';
import { details } from './checks/details.ts';
import { discovery } from './checks/discovery.ts';
import { documents } from './checks/documents.ts';
import { fapiRequests } from './checks/fapi-requests.ts';
import { fapiTokens } from './checks/fapi-tokens.ts';
import { happyFlow } from './checks/happy-flow.ts';
import { logout } from './checks/logout.ts';
import { prompts } from './checks/prompts.ts';
import { redirectUris } from './checks/redirect-uris.ts';
import { registration } from './checks/registration.ts';
import { resourceServers } from './checks/resource-servers.ts';

/** All checks, in running order. */
export const GROUPS: readonly Group[] = [
  discovery,
  happyFlow,
  claims,
  prompts,
  redirectUris,
  codesAndRefresh,
  registration,
  logout,
  fapiRequests,
  fapiTokens,
  backchannel,
  details,
  documents,
  certificates,
  resourceServers,
  announced,
];
