import type { Bulkhead } from '../bulkhead.ts';
import { type Argon2Parameters, argon2, argon2id } from './argon2.ts';
import { bcrypt } from './bcrypt.ts';
import { type FirebaseParameters, firebaseScrypt } from './firebase-scrypt.ts';
import type { HashFormat, HashProblem } from './hash-format.ts';
import { importedText } from './imported-text.ts';
import { normalisePassword, passwordForms, tooLong } from './password-text.ts';
import { pbkdf2 } from './pbkdf2.ts';
import { scrypt } from './scrypt.ts';
import { shaCrypt } from './sha-crypt.ts';

export interface Verification {
  right: boolean;
  /** The password is right and should be hashed again, because its format, parameters or normalisation differ. */
  rehash: boolean;
}

export interface PasswordHasher {
  /**
   * Returns an argon2id PHC string. Rejects with the bulkhead's refusal, or a RangeError for a password that is
   * `tooLong`.
   */
  hash(password: string): Promise<string>;
  /** Rejects only with the bulkhead's refusal: a wrong password and an invalid stored hash are results, not errors. */
  verify(password: string, stored: string | undefined): Promise<Verification>;
  /** Returns the stored form of another system's hash, or why it cannot be used to sign in. Does no hashing. */
  adopt(text: string): { hash: string } | { problem: HashProblem };
}

/** The formats that can be read. Only argon2id with the current parameters is written. */
const FORMATS: HashFormat[] = [argon2, bcrypt, pbkdf2, scrypt, shaCrypt];

interface Settings extends Argon2Parameters {
  bulkhead: Pick<Bulkhead, 'run'>;
  /** Publicly known passwords: always wrong, in the time of any other wrong password. */
  published?: readonly string[];
  /** The Firebase project from which hashes are imported. */
  firebase?: FirebaseParameters;
}

/** The maximum length, twice that of the longest salt and tag. */
const MAX_STORED_CHARACTERS = 1024;

const WRONG: Verification = { right: false, rehash: false };

/**
 * Hashes and verifies passwords, always in the bulkhead.
 *
 * Timing must not reveal whether an account exists or how old its hash is. Unless the stored hash has the current
 * parameters, a decoy hash with them is therefore computed. It replaces a missing or unreadable hash, and runs in
 * parallel with an older one, so that the slower of the two determines the time.
 *
 * An older hash that is more expensive than argon2id remains noticeable until its owner signs in again.
 */
export function passwordHasher({
  bulkhead,
  published = [],
  firebase,
  ...parameters
}: Settings): PasswordHasher {
  const present = argon2id(parameters);
  const formats = firebase ? [...FORMATS, firebaseScrypt(firebase)] : FORMATS;
  const formatOf = (stored: string): HashFormat | undefined =>
    formats.find((candidate) => candidate.matches(stored));

  const compare = async (form: string, stored: string | undefined): Promise<boolean> => {
    if (stored === undefined) {
      await present.hash(form);
      return false;
    }
    if (present.matches(stored)) return present.verify(form, stored);
    const [right = false] = await Promise.all([formatOf(stored)?.verify(form, stored), present.hash(form)]);
    return right;
  };

  return {
    async hash(password) {
      if (tooLong(password)) throw new RangeError('the password is too long to be hashed');
      return bulkhead.run(() => present.hash(normalisePassword(password)));
    },
    async verify(password, stored) {
      if (tooLong(password)) return WRONG;
      const usable = published.includes(normalisePassword(password)) ? undefined : stored;
      return bulkhead.run(async () => {
        for (const [index, form] of passwordForms(password).entries()) {
          if (await compare(form, usable)) {
            return { right: true, rehash: index > 0 || usable === undefined || !present.matches(usable) };
          }
        }
        return WRONG;
      });
    },
    adopt(text) {
      const hash = importedText(text);
      const format = hash.length <= MAX_STORED_CHARACTERS ? formatOf(hash) : undefined;
      const problem = format ? format.problem(hash) : 'unreadable';
      return problem ? { problem } : { hash };
    },
  };
}
