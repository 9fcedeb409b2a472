import { composeDomain, type Domain } from '../../src/compose/domain.ts';
import type { DomainDeps } from '../../src/compose/foundation.ts';
import { systemClock } from '../../src/lib/clock.ts';

/** Everything below the surfaces, ready for use as a start makes it; without Redis and other parties unless told. */
export async function readyDomain(deps: Omit<DomainDeps, 'clock'>): Promise<Domain> {
  const domain = composeDomain({ clock: systemClock, ...deps });
  await domain.lastingDigests.load();
  return domain;
}
