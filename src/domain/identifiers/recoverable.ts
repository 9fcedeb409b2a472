import type { Db } from '../../db/database.ts';
import { parseEmail } from '../values/email.ts';
import { findRecoverable, type Recoverable } from './recoverable-store.ts';

export { findRecoverable, type Recoverable } from './recoverable-store.ts';

/** The account that an address, as typed, recovers; undefined when it recovers none, or is no address. */
export async function recoverableBy(db: Db, typed: string): Promise<Recoverable | undefined> {
  const email = parseEmail(typed);
  return email && findRecoverable(db, email.key);
}
