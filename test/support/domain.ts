import { composeDomain, type Domain } from '../../src/compose/domain.ts';
import type { DomainDeps } from '../../src/compose/foundation.ts';
import { systemClock } from '../../src/lib/clock.ts';

/**
 * Composes everything below the surfaces and makes it ready, as a start does. By default it has no Redis and no
 * other parties.
 */
export async function readyDomain(deps: Omit<DomainDeps, 'clock'>): Promise<Domain> {
  const domain = composeDomain({ clock: systemClock, ...deps });
  await domain.lastingDigests.load();
  return domain;
}
