type Claims = Readonly<Record<string, unknown>>;

/**
 * The claims of an ID token, and of the userinfo endpoint what the ID token lacks. What is signed counts first. An
 * address counts only with the verification that came with it: the other one may be of another address.
 */
export function togetherWith<Signed extends { sub: string }>(
  signed: Signed & Claims,
  userinfo: Claims,
): Claims & { sub: string } {
  const { email, email_verified } = signed.email === undefined ? userinfo : signed;
  return { ...userinfo, ...signed, email, email_verified };
}
