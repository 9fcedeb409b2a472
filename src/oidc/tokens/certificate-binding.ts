/** A token in the form that the library returns. */
interface BoundToken {
  isSenderConstrained(): boolean;
  'x5t#S256'?: string | undefined;
}

/**
 * Returns whether a token without a proof belongs to the caller: it is not bound, or is bound to the certificate of the
 * connection (RFC 8705 §3), which is given by its thumbprint.
 */
export const isOfCaller = (token: BoundToken, thumbprint: string | undefined): boolean =>
  !token.isSenderConstrained() || (thumbprint !== undefined && token['x5t#S256'] === thumbprint);
