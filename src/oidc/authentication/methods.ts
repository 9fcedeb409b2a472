import type { Channels } from '../../domain/messages/channels.ts';

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

/** The ways that there are, by default first: most people have the password at hand. */
export const waysBy = (channels: Channels): readonly SignInWay[] =>
  channels.has('sms') ? ['password', 'code'] : ['password'];

/** What clients may register as their default, whether or not it can be given at the moment. */
export const ACR_VALUES = Object.values(AUTHENTICATIONS).map(({ acr }) => acr);

/** What discovery announces: only what a sign-in can really give. */
export const acrValues = (ways: readonly SignInWay[]): string[] =>
  ways.map((way) => AUTHENTICATIONS[way].acr);
