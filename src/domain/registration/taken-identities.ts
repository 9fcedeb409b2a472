import { type Violation, Violations } from '../../errors/violations.ts';
import { addressKey } from '../../lib/addresses.ts';
import type { Counters } from '../rate-limits/counters.ts';
import { takenForTelling } from '../rate-limits/limits.ts';
import type { Refusals } from '../rate-limits/refusals.ts';

interface Deps {
  counters: Counters;
  refusals: Pick<Refusals, 'note' | 'ofLimits'>;
}

interface Registrant {
  /** The caller's address. */
  address: string;
  clientId: string | undefined;
}

/** The registrations with taken identities that are recorded for one address in a window. */
const NOTED = 20;

/**
 * Rejects a registration with identities that other accounts have, as `look` finds them. Throws `Violations` of them,
 * and `TOO_MANY_ATTEMPTS` for a caller that received this information too often. Both are in the audit trail.
 */
export async function refuseTaken(
  { counters, refusals }: Deps,
  { address, clientId }: Registrant,
  look: () => Promise<Violation[]>,
): Promise<void> {
  const about = { subject: `registering ${addressKey(address)}`, address, most: NOTED };
  const [first, ...rest] = await refusals.ofLimits(
    () => ({ event: 'registration.refused', clientId }),
    about,
    () => takenForTelling(counters, address, look),
  );
  if (!first) return;
  const taken = [first, ...rest] as const;
  const fields = taken.map(({ field }) => field).join(' ');
  await refusals.note(
    { event: 'registration.refused', clientId, reason: 'identity_taken', details: { fields } },
    about,
  );
  throw new Violations([first, ...rest]);
}
