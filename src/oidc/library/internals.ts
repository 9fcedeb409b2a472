/**
 * The only file that reaches inside the library: the parts that it makes its own grants of, for grants of ours. They
 * are not in its types, but in `library-internals.d.ts`.
 */
export {
  applyRefreshTokenBindings,
  checkDpopReplay,
  checkDpopRequired,
  validateDpop,
} from 'oidc-provider/lib/helpers/grants.js';
