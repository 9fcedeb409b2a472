/**
 * The subject of a request whose hint identifies nobody. It is accepted and expires without an answer, so that clients
 * cannot learn whose addresses and numbers have an account.
 */
export const NOBODY = '0';
