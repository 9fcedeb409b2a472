/** What the library offers to custom grants, untyped there: the parts that its own grants are made of. */
declare module 'oidc-provider/lib/helpers/grants.js' {
  import type { errors, KoaContextWithOIDC, Provider } from 'oidc-provider';

  interface DpopProof {
    thumbprint: string;
    jti: string;
  }

  /** The DPoP proof of the request (RFC 9449 §4.3), undefined without one. Throws `invalid_dpop_proof`. */
  export function validateDpop(provider: Provider, ctx: KoaContextWithOIDC): Promise<DpopProof | undefined>;
  /** Throws `invalid_grant` without a proof of a client that has promised one (`dpop_bound_access_tokens`). */
  export function checkDpopRequired(
    provider: Provider,
    ctx: KoaContextWithOIDC,
    proof: DpopProof | undefined,
  ): void;
  /** Uses up the proof's `jti`. Throws when it was used before. */
  export function checkDpopReplay(
    provider: Provider,
    ctx: KoaContextWithOIDC,
    proof: DpopProof,
    clientId: string,
    failure: typeof errors.InvalidGrant,
  ): Promise<void>;
  /** Binds the refresh token of a public client to the key that its access token is bound to. */
  export function applyRefreshTokenBindings(
    provider: Provider,
    ctx: KoaContextWithOIDC,
    accessToken: InstanceType<Provider['AccessToken']>,
    refreshToken: InstanceType<Provider['RefreshToken']>,
  ): Promise<void>;
}
