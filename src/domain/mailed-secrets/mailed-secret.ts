import { randomInt } from 'node:crypto';

/** What a mailed secret does when it comes back. */
export type MailedPurpose = 'verify_email' | 'change_email' | 'undo_email';

export interface MailedSecret {
  id: number;
  purpose: MailedPurpose;
  accountId: number;
  /** The address that it is about: the one to confirm, or the one to go back to. */
  email: string;
}

const IDENTIFIER_ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const IDENTIFIER_LENGTH = 20;
const KEY_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const KEY_LENGTH = 16;

const drawn = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');

/** The public name of a secret: not guessable from the account, and of no use without the key. */
export const newIdentifier = (): string => drawn(IDENTIFIER_ALPHABET, IDENTIFIER_LENGTH);

/** 16 characters of `A-Z0-9`: 82 random bits. */
export const newKey = (): string => drawn(KEY_ALPHABET, KEY_LENGTH);
