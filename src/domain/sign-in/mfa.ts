/** How a sign-in with two factors is requested (`acr_values`) and reported (`amr`, RFC 8176 §2). */
export const MFA = { acr: 'urn:pratu:acr:mfa', amr: 'mfa' } as const;
