/** A token as the library finds it. */
interface BoundToken {
  isSenderConstrained(): boolean;
  'x5t#S256'?: string | undefined;
}

/**
 * Whether a token that came without a proof is the caller's: bound to nothing, or to the certificate of the connection
 * (RFC 8705 §3), given by its thumbprint.
 */
export const isOfCaller = (token: BoundToken, thumbprint: string | undefined): boolean =>
  !token.isSenderConstrained() || (thumbprint !== undefined && token['x5t#S256'] === thumbprint);
