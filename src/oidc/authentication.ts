/** The ways in which a person can sign in: with the password, or with a code by SMS. */
export type SignInWay = 'password' | 'code';

export const PASSWORD_ACR = 'urn:pratu:acr:password';
export const PASSWORD_AMR = ['pwd'];
export const CODE_ACR = 'urn:pratu:acr:sms';

/** What each way says in tokens: `acr` names it, `amr` says by what (RFC 8176). */
export const AUTHENTICATIONS: Record<SignInWay, { acr: string; amr: string[] }> = {
  password: { acr: PASSWORD_ACR, amr: PASSWORD_AMR },
  code: { acr: CODE_ACR, amr: ['otp', 'sms'] },
};

/** What discovery announces: only what a sign-in can really give. */
export const ACR_VALUES = [PASSWORD_ACR, CODE_ACR];
