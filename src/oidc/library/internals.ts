/**
 * The only file that uses internals of the library: the components of its own grants and endpoints, for the grants and
 * the endpoint of Pratu. Their types are not in the library's, but in `library-internals.d.ts`.
 */
export { assignClaims, checkClaims } from 'oidc-provider/lib/actions/authorization/claims.js';
export {
  assignDefaults,
  checkExtraParams,
} from 'oidc-provider/lib/actions/authorization/request_parameters.js';
export { checkOpenidScope, checkScope } from 'oidc-provider/lib/actions/authorization/scopes.js';
export { checkDpopJkt, checkPKCE } from 'oidc-provider/lib/actions/authorization/sender_constraints.js';
export {
  applyRefreshTokenBindings,
  checkDpopReplay,
  checkDpopRequired,
  checkMtlsCert,
  resolveRequestedResources,
  validateDpop,
} from 'oidc-provider/lib/helpers/grants.js';
export { decode as decodeJwt, verify as verifyJwt } from 'oidc-provider/lib/helpers/jwt.js';
export { default as internalsOf } from 'oidc-provider/lib/helpers/weak_cache.js';
export { default as assembleParams } from 'oidc-provider/lib/shared/assemble_params.js';
export { default as checkResource } from 'oidc-provider/lib/shared/check_resource.js';
export {
  default as authenticateClient,
  getClientAuthParams,
} from 'oidc-provider/lib/shared/client_auth.js';
export { default as answerErrors } from 'oidc-provider/lib/shared/error_handler.js';
export { default as noCache } from 'oidc-provider/lib/shared/no_cache.js';
export { default as rejectDupes } from 'oidc-provider/lib/shared/reject_dupes.js';
export { urlencoded as readForm } from 'oidc-provider/lib/shared/selective_body.js';
