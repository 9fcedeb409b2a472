/** How a person signed in: `acr` names it, `amr` says by what (RFC 8176). */
export const PASSWORD_ACR = 'urn:pratu:acr:password';
export const PASSWORD_AMR = ['pwd'];

/** What discovery announces: only what a sign-in can really give. */
export const ACR_VALUES = [PASSWORD_ACR];
