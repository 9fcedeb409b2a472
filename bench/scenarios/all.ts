import type { Scenario } from '../scenario.ts';
import { authorizationRequest, codeExchange } from './code.ts';
import { clientCredentialsJwt, clientCredentialsOpaque } from './machine.ts';
import { passwordGrant, signInByPage } from './passwords.ts';
import { discovery, introspection, keys, userinfo } from './reading.ts';
import { refresh } from './refresh.ts';

/** The scenarios, in the order of the tables. */
export const SCENARIOS: readonly Scenario[] = [
  clientCredentialsOpaque,
  clientCredentialsJwt,
  authorizationRequest,
  codeExchange,
  refresh,
  userinfo,
  introspection,
  passwordGrant,
  signInByPage,
  discovery,
  keys,
];
