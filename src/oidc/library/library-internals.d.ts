/** The library's helpers for custom grants, which its types omit: the components of its own grants. */
declare module 'oidc-provider/lib/helpers/grants.js' {
  import type { errors, KoaContextWithOIDC, Provider, ResourceServer } from 'oidc-provider';

  interface DpopProof {
    thumbprint: string;
    jti: string;
  }

  /** Returns the DPoP proof of the request (RFC 9449 §4.3), or undefined without one. Throws `invalid_dpop_proof`. */
  export function validateDpop(provider: Provider, ctx: KoaContextWithOIDC): Promise<DpopProof | undefined>;
  /** Throws `invalid_grant` if a client that must always send a proof (`dpop_bound_access_tokens`) did not. */
  export function checkDpopRequired(
    provider: Provider,
    ctx: KoaContextWithOIDC,
    proof: DpopProof | undefined,
  ): void;
  /** Consumes the proof's `jti`. Throws when it was used before. */
  export function checkDpopReplay(
    provider: Provider,
    ctx: KoaContextWithOIDC,
    proof: DpopProof,
    clientId: string,
    failure: typeof errors.InvalidGrant,
  ): Promise<void>;
  /**
   * Returns the certificate that the client's tokens are bound to (RFC 8705 §3); undefined for clients without binding.
   */
  export function checkMtlsCert(provider: Provider, ctx: KoaContextWithOIDC): string | undefined;
  /** Returns the resource servers in the parameter `resource`. Throws `invalid_target`. */
  export function resolveRequestedResources(
    provider: Provider,
    ctx: KoaContextWithOIDC,
  ): Promise<ResourceServer[]>;
  /** Binds the refresh token of a public client to the key that its access token is bound to. */
  export function applyRefreshTokenBindings(
    provider: Provider,
    ctx: KoaContextWithOIDC,
    accessToken: InstanceType<Provider['AccessToken']>,
    refreshToken: InstanceType<Provider['RefreshToken']>,
  ): Promise<void>;
}

/** One step of an endpoint, in the form that the library chains. */
declare module 'oidc-provider/lib/library-step.js' {
  import type { KoaContextWithOIDC } from 'oidc-provider';

  export type LibraryStep = (ctx: KoaContextWithOIDC, next: () => Promise<void>) => unknown;
}

declare module 'oidc-provider/lib/actions/authorization/claims.js' {
  import type { LibraryStep } from 'oidc-provider/lib/library-step.js';

  /** Checks the format of the parameter `claims`. */
  export const checkClaims: LibraryStep;
  /** Adds the claims that `claims`, `acr_values` and the registration request to `ctx.oidc.claims`. */
  export const assignClaims: LibraryStep;
}
declare module 'oidc-provider/lib/actions/authorization/request_parameters.js' {
  import type { LibraryStep } from 'oidc-provider/lib/library-step.js';

  /** Applies the defaults of the registration: `default_acr_values`, `default_max_age`. */
  export const assignDefaults: LibraryStep;
  /** Runs the validations of the configured extra parameters. */
  export const checkExtraParams: LibraryStep;
}
declare module 'oidc-provider/lib/actions/authorization/scopes.js' {
  import type { LibraryStep } from 'oidc-provider/lib/library-step.js';

  export const checkScope: LibraryStep;
  export const checkOpenidScope: LibraryStep;
}
declare module 'oidc-provider/lib/actions/authorization/sender_constraints.js' {
  import type { LibraryStep } from 'oidc-provider/lib/library-step.js';

  export const checkPKCE: LibraryStep;
  /** Verifies a proof if one is sent, and stores the thumbprint of its key in the parameter `dpop_jkt`. */
  export const checkDpopJkt: LibraryStep;
}
declare module 'oidc-provider/lib/helpers/jwt.js' {
  interface Decoded {
    header: Record<string, unknown>;
    payload: Record<string, unknown>;
  }

  /** Returns the parts of a JWT, unverified. Throws for anything else. */
  export function decode(jwt: string): Decoded;
  /**
   * Verifies a signature with a key of the store, fetching a client's `jwks_uri` if necessary, and checks `exp` and
   * `nbf`.
   */
  export function verify(
    jwt: string,
    keystore: object,
    options: { clockTolerance?: number; ignoreAzp?: boolean },
  ): Promise<Decoded>;
}
declare module 'oidc-provider/lib/helpers/weak_cache.js' {
  import type { Provider } from 'oidc-provider';
  import type { LibraryStep } from 'oidc-provider/lib/library-step.js';

  export default function internalsOf(provider: Provider): {
    /** The keys of the server. */
    keystore: object;
    router: { post(name: string, path: string, ...steps: LibraryStep[]): unknown };
  };
}
declare module 'oidc-provider/lib/shared/assemble_params.js' {
  import type { KoaContextWithOIDC } from 'oidc-provider';

  /** Stores the named parameters of the form in `ctx.oidc.params`; an empty one counts as absent. */
  export default function assembleParams(
    names: ReadonlySet<string>,
    ctx: KoaContextWithOIDC,
    next: () => Promise<void>,
  ): unknown;
}
declare module 'oidc-provider/lib/shared/check_resource.js' {
  import type { LibraryStep } from 'oidc-provider/lib/library-step.js';

  /** Resolves the requested resources (RFC 8707) to `ctx.oidc.resourceServers`. */
  const checkResource: LibraryStep;
  export default checkResource;
}
declare module 'oidc-provider/lib/shared/client_auth.js' {
  import type { KoaContextWithOIDC } from 'oidc-provider';
  import type { LibraryStep } from 'oidc-provider/lib/library-step.js';

  const authenticateClient: readonly LibraryStep[];
  export default authenticateClient;
  export function getClientAuthParams(ctx: KoaContextWithOIDC): Set<string>;
}
declare module 'oidc-provider/lib/shared/error_handler.js' {
  import type { LibraryStep } from 'oidc-provider/lib/library-step.js';

  /** Responds to thrown errors, and emits each as an event of this name. */
  export default function answerErrors(event: string): LibraryStep;
}
declare module 'oidc-provider/lib/shared/no_cache.js' {
  import type { LibraryStep } from 'oidc-provider/lib/library-step.js';

  const noCache: LibraryStep;
  export default noCache;
}
declare module 'oidc-provider/lib/shared/reject_dupes.js' {
  import type { KoaContextWithOIDC } from 'oidc-provider';

  /** Refuses parameters that occur twice. */
  export default function rejectDupes(
    which: { except?: ReadonlySet<string> },
    ctx: KoaContextWithOIDC,
    next: () => Promise<void>,
  ): unknown;
}
declare module 'oidc-provider/lib/shared/selective_body.js' {
  import type { LibraryStep } from 'oidc-provider/lib/library-step.js';

  export const urlencoded: LibraryStep;
}
declare module 'oidc-provider/lib/helpers/jwt.js' {
  interface VerifyOptions {
    issuer?: string;
    audience?: string;
    /** Seconds. */
    clockTolerance?: number;
    /** Accepts several audiences without `azp`. */
    ignoreAzp?: boolean;
  }

  /** Throws if none of the keys made the signature, or if the claims do not match the options. */
  export function verify<Payload extends object>(
    jwt: string,
    keys: object,
    options?: VerifyOptions,
  ): Promise<{ payload: Payload }>;
}
