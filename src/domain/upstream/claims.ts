type Claims = Readonly<Record<string, unknown>>;

/**
 * The claims of an ID token, completed with those of the userinfo endpoint; the signed ones take precedence. An address
 * is used only with the verification status from the same source, as the other source may have another address.
 */
export function togetherWith<Signed extends { sub: string }>(
  signed: Signed & Claims,
  userinfo: Claims,
): Claims & { sub: string } {
  const { email, email_verified } = signed.email === undefined ? userinfo : signed;
  return { ...userinfo, ...signed, email, email_verified };
}
