import type { Db } from '../../db/database.ts';
import { parseEmail } from '../values/email.ts';
import { findRecoverable, type Recoverable } from './recoverable-store.ts';

export { findRecoverable, type Recoverable } from './recoverable-store.ts';

/**
 * Returns the account that an address, as typed, recovers; undefined if there is none, or the text is not an address.
 */
export async function recoverableBy(db: Db, typed: string): Promise<Recoverable | undefined> {
  const email = parseEmail(typed);
  return email && findRecoverable(db, email.key);
}
