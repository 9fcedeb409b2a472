/**
 * The subject of a request whose hint identifies no account. The request is accepted and expires without a decision, so
 * that clients cannot learn which addresses and numbers have an account.
 */
export const NOBODY = '0';
